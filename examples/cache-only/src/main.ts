import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheManager, MemoryStore } from '@x/cache-core';
import { SqliteStore } from '@x/cache-sqlite';

let lookUps = 0;

/** Stands for a slow, costly call. */
async function lookUpCity(id: string): Promise<{ id: string; city: string }> {
  lookUps++;
  await sleep(50);
  return { id, city: id === '1' ? 'Lisbon' : 'Oslo' };
}

const directory = await mkdtemp(join(tmpdir(), 'cache-only-'));
const path = join(directory, 'cities.sqlite');

async function openCache(): Promise<CacheManager> {
  const tiers = [new MemoryStore({ maxEntries: 100 }), await SqliteStore.open({ path })];
  return new CacheManager({ tiers, ttlMs: 60_000 });
}

const city = (cache: CacheManager, id: string): Promise<{ city: string }> =>
  cache.getOrSet(`city:${id}`, () => lookUpCity(id), { tags: ['cities'] });

const cache = await openCache();
await Promise.all(Array.from({ length: 100 }, () => city(cache, '1')));
console.log(`100 callers at once: ${lookUps} look-up`);
await city(cache, '2');
await cache.close();

const reopened = await openCache();
const { city: name } = await city(reopened, '1');
console.log(`after a restart: ${name}, still ${lookUps} look-ups`);

await reopened.invalidatePattern('city:*');
await city(reopened, '1');
console.log(`after an invalidation: ${lookUps} look-ups`);

const { hits, misses, hitRatio } = await reopened.stats();
console.log(`${hits} hits, ${misses} misses, hit ratio ${(hitRatio * 100).toFixed(0)} %`);
await reopened.close();
await rm(directory, { recursive: true });
