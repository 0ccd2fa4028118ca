import { strict as assert } from 'node:assert';
import type { Case, Suite } from '../harness/suite.ts';
import { flatKeys } from './keys.ts';
import { type MakeContender, makers, withoutTtl } from './contenders.ts';

const entries = 100_000;

function bytesInUse(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What a full cache takes beyond the keys and the values, which are there before it. */
function footprint(ttlMs?: number): Case<MakeContender> {
  return (make, probe) => {
    const keys = flatKeys(entries);
    keys.forEach((key) => new Map([[key, 1]]));
    const before = bytesInUse();
    const cache = make(entries, ttlMs);
    for (const [value, key] of keys.entries()) cache.set(key, value);
    const after = bytesInUse();
    assert.equal(cache.get(keys[entries - 1] as string), entries - 1);
    probe.record('bytesPerEntry', (after - before) / entries);
  };
}

export const suite: Suite<MakeContender> = {
  contenders: Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => make])),
  cases: { 'without ttl': footprint(), 'with ttl': footprint(3_600_000) },
  leftOut: withoutTtl.map((name) => `${name}: with ttl`),
};
