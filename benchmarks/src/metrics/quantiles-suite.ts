// What a value costs in a quantile engine by itself and in a sliding window.
import assert from 'node:assert/strict';
import type { Case, Suite } from '../harness/suite.ts';
import {
  type QuantileContender,
  quantileContenders,
  type Quantiles,
} from './quantile-contenders.ts';
import { durations } from './values.ts';

const timed = durations(100_000);

const recording: Case<QuantileContender> = async ({ sketch }, probe) => {
  const quantiles = sketch?.() as Quantiles;
  await probe.time(timed.length, () => {
    for (let index = 0; index < timed.length; index++) quantiles.record(timed[index] as number);
  });
  const median = timed.slice().sort()[timed.length / 2] as number;
  assert.ok(Math.abs(quantiles.quantile(0.5) - median) < 0.02 * median);
};

const windowed: Case<QuantileContender> = async (contender, probe) => {
  const window = contender.windowed?.();
  if (window === undefined) return;
  let recorded = 0;
  const count = timed.length / 4;
  await probe.time(count, () => {
    recorded += count;
    for (let index = 0; index < count; index++) window.record(timed[index] as number);
  });
  assert.equal(await window.count(), recorded);
};

export const suite: Suite<QuantileContender> = {
  contenders: Object.fromEntries(
    Object.entries(quantileContenders).map(([name, contender]) => [name, () => contender]),
  ),
  cases: { 'a value': recording, 'a value in a window': windowed },
  leftOut: Object.entries(quantileContenders).flatMap(([name, contender]) => {
    if (contender.sketch === undefined) return [`${name}: a value`];
    return contender.windowed === undefined ? [`${name}: a value in a window`] : [];
  }),
};
