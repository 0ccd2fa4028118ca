import assert from 'node:assert/strict';
import { CacheManager } from '@x/cache-core';
import type { Store } from '@x/interfaces';
import { payload } from './payload.ts';

const entries = 100_000;
const groups = 100;

/** Milliseconds of wall time; the least, the median and the most of many. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/**
 * How long it takes until 1,000 of 100,000 entries are invisible: from the call until it settles, after
 * which another store must not find one of them.
 *
 * @param open - opens a store over one medium
 */
export async function measureInvalidation(
  open: () => Promise<Store>,
): Promise<Record<'pattern' | 'tag', Spread>> {
  const cache = new CacheManager({ store: await open() });
  const other = await open();
  for (let start = 0; start < entries; start += 1_000) {
    const writes = Array.from({ length: 1_000 }, (_, offset) => {
      const index = start + offset;
      const group = index % groups;
      return cache.set(`${group}:${index}`, payload(index, 1_000), { tags: [`tag ${group}`] });
    });
    await Promise.all(writes);
  }
  const times = { pattern: [] as number[], tag: [] as number[] };
  for (let group = 0; group < groups; group++) {
    const kind = group % 2 === 0 ? 'pattern' : 'tag';
    assert.ok((await other.get(`${group}:${group}`)) !== undefined);
    const start = process.hrtime.bigint();
    if (kind === 'pattern') await cache.invalidatePattern(`${group}:*`);
    else await cache.invalidateTags([`tag ${group}`]);
    times[kind].push(Number(process.hrtime.bigint() - start) / 1e6);
    for (const index of [group, group + 50_000, group + 99_900]) {
      assert.equal(await other.get(`${group}:${index}`), undefined);
    }
  }
  await cache.close();
  await other.close();
  return { pattern: spreadOf(times.pattern), tag: spreadOf(times.tag) };
}

function spreadOf(times: number[]): Spread {
  const sorted = times.sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return { least: at(0), median: at(0.5), most: at(1) };
}
