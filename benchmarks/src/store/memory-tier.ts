// Measures the awaited hit in a tier in memory above a SQLite store that a second store shares, in
// microseconds of CPU time (user and system, all threads): many in one turn of the event loop, and each in a
// turn of its own, from which the same turns without a hit are taken off.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CacheManager, MemoryStore } from '@x/cache-core';
import { SqliteStore } from '@x/cache-sqlite';
import { writeResult } from '../write-result.ts';
import { keyOf, payload } from './payload.ts';

const hits = 20_000;
const keys = Array.from({ length: 1_000 }, (_, index) => keyOf(index));
const path = join(mkdtempSync(join(tmpdir(), 'store-bench-')), 'cache.db');
const cache = new CacheManager({
  tiers: [new MemoryStore({ maxEntries: 2_000 }), await SqliteStore.open({ path })],
});
const other = new CacheManager({ store: await SqliteStore.open({ path }) });
for (const [index, key] of keys.entries()) await other.set(key, payload(index, 1_000));
for (const key of keys) await cache.get(key);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const loops: Readonly<Record<string, () => Promise<void>>> = {
  async inOneTurn() {
    for (let hit = 0; hit < hits; hit++) await cache.get(keys[hit % keys.length] ?? '');
  },
  async inTurns() {
    for (let hit = 0; hit < hits; hit++) {
      await cache.get(keys[hit % keys.length] ?? '');
      await turn();
    }
  },
  async turns() {
    for (let hit = 0; hit < hits; hit++) await turn();
  },
};

const times: Record<string, number[]> = {};
for (let round = -5; round < 21; round++) {
  for (const [name, loop] of Object.entries(loops)) {
    const before = process.cpuUsage();
    await loop();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) (times[name] ??= []).push((user + system) / hits);
  }
}
await other.set(keys[7] ?? '', 'changed');
await turn();
assert.equal(await cache.get(keys[7] ?? ''), 'changed');

const median = (name: string): number =>
  (times[name] ?? []).sort((one, another) => one - another)[10] ?? NaN;
const figures = {
  hitUs: median('inOneTurn'),
  hitInATurnOfItsOwnUs: median('inTurns') - median('turns'),
};
console.log(figures);
writeResult('store-memory-tier', figures);
await cache.close();
await other.close();
