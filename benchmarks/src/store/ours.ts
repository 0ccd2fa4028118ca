import { join } from 'node:path';
import { CacheManager } from '@x/cache-core';
import { type DriverName, SqliteStore } from '@x/cache-sqlite';
import { type Contender, ttlMs } from './contender.ts';

/** Our store behind the cache that users hold, without a tier in memory. */
export async function sqliteStore(folder: string, driver: DriverName): Promise<Contender> {
  const store = await SqliteStore.open({ path: join(folder, 'ours.db'), driver });
  const cache = new CacheManager({ store, ttlMs });
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value),
    async getMany(keys) {
      const found = await cache.getMany(keys);
      return keys.map((key) => found.get(key));
    },
    setMany: (entries) => cache.setMany(entries),
    invalidateTag: (tag) => cache.invalidateTags([tag]),
    invalidatePrefix: (prefix) => cache.invalidatePattern(`${prefix}*`),
    close: () => cache.close(),
  };
}
