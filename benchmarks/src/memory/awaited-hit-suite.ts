import assert from 'node:assert/strict';
import type { Case, Suite } from '../harness/suite.ts';
import { type Memoiser, memoisers } from './memoisers.ts';

const hits = 200_000;

/** Awaits one hit after the other, as a program does that asks for what it needs next. */
function sequentialHits(keyCount: number): Case<Memoiser> {
  return async (memoiser, probe) => {
    let loads = 0;
    const read = memoiser({
      load: async (key) => {
        loads++;
        return { key };
      },
      ttlMs: 3_600_000,
      staleMs: 0,
    });
    const keys = Array.from({ length: keyCount }, (_, index) => `user:${index}:profile`);
    for (const key of keys) await read(key);
    for (const key of keys) assert.equal((await read(key)).key, key);
    assert.equal(loads, keyCount);

    await probe.time(hits, async () => {
      for (let index = 0; index < hits; index++) await read(keys[index % keyCount] as string);
    });
    assert.equal(loads, keyCount);
  };
}

export const suite: Suite<Memoiser> = {
  contenders: memoisers,
  cases: {
    '1,000 keys': sequentialHits(1_000),
    '50,000 keys': sequentialHits(50_000),
  },
};
