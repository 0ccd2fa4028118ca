import { join } from 'node:path';
import { CacheManager } from '@x/cache-core';
import { FileStore } from '@x/cache-fs';
import { type DriverName, SqliteStore } from '@x/cache-sqlite';
import type { Store } from '@x/interfaces';
import { type Contender, ttlMs } from './contender.ts';

/** Our store in a database behind the cache that users hold, without a tier in memory. */
export async function sqliteStore(folder: string, driver: DriverName): Promise<Contender> {
  return behindCache(await SqliteStore.open({ path: join(folder, 'ours.db'), driver }));
}

/** The same in files. */
export async function fileStore(folder: string): Promise<Contender> {
  return behindCache(await FileStore.open({ directory: folder }));
}

function behindCache(store: Store): Contender {
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
