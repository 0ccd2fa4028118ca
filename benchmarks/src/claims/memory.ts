import assert from 'node:assert/strict';
import { CacheManager } from '@x/performance';
import type { Claim } from './claim.ts';

const entries = 1_000;

/** What a program keeps of an answer: a record with a list and a text, as it comes out of `JSON.parse`. */
function typicalJson(id: number): string {
  return JSON.stringify({
    id,
    name: `package-${id}`,
    description: `What package ${id} is for, in the words of its author. `.repeat(4),
    createdAt: new Date(id * 86_400_000).toISOString(),
    keywords: Array.from({ length: 8 }, (_, index) => `keyword-${(id + index) % 50}`),
    versions: Array.from({ length: 12 }, (_, index) => ({
      version: `1.${index}.${id % 10}`,
      size: id * 1_000 + index,
      isDeprecated: index < 3,
    })),
  });
}

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('needs node --expose-gc');
  for (let pass = 0; pass < 4; pass++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export const memory: Claim = {
  claim: '1,000 typical entries take little memory',
  how: 'what the heap and external memory grow by when a `CacheManager` takes 1,000 records of about 1 KB of JSON, after garbage collections',
  unit: 'MB',
  better: 'less',
  must: 10,
  goal: 10,
  async measure() {
    const before = usedBytes();
    const cache = new CacheManager({ ttlMs: 3_600_000 });
    let jsonBytes = 0;
    for (let id = 0; id < entries; id++) {
      const json = typicalJson(id);
      jsonBytes += json.length;
      await cache.set(`package:${id}`, JSON.parse(json) as object);
    }
    const after = usedBytes();
    assert.equal((await cache.stats()).entries, entries);
    await cache.close();
    const values = Array.from(
      { length: entries },
      (_, id) => JSON.parse(typicalJson(id)) as object,
    );
    const withValues = usedBytes();
    assert.equal(values.length, entries);
    return {
      figure: (after - before) / 1e6,
      details: {
        megabytesOfJson: jsonBytes / 1e6,
        megabytesOfTheValuesAlone: (withValues - before) / 1e6,
      },
    };
  },
};
