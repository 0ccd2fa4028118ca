// How far the answers of quantile engines are off, over a million values of several kinds.
import type { Case, Suite } from '../harness/suite.ts';
import {
  type QuantileContender,
  quantileContenders,
  type Quantiles,
} from './quantile-contenders.ts';
import { inputs } from './values.ts';

const judged = 1_000_000;
const asked = { p50: 0.5, p99: 0.99, 'p99.9': 0.999 } as const;

/** By how much the answers are off, in percent. */
function accuracy(make: (count: number) => Float64Array): Case<QuantileContender> {
  return ({ sketch }, probe) => {
    const quantiles = sketch?.() as Quantiles;
    const values = make(judged);
    for (const value of values) quantiles.record(value);
    values.sort();
    for (const [name, q] of Object.entries(asked)) {
      const exact = values[Math.ceil(q * judged) - 1] as number;
      probe.record(`${name} off by %`, (Math.abs(quantiles.quantile(q) - exact) / exact) * 100);
    }
  };
}

export const suite: Suite<QuantileContender> = {
  contenders: Object.fromEntries(
    Object.entries(quantileContenders)
      .filter(([, { sketch }]) => sketch !== undefined)
      .map(([name, contender]) => [name, () => contender]),
  ),
  cases: Object.fromEntries(Object.entries(inputs).map(([name, make]) => [name, accuracy(make)])),
};
