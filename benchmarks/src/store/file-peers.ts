import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BentoCache, bentostore } from 'bentocache';
import { fileDriver } from 'bentocache/drivers/file';
import * as cacache from 'cacache';
import { FlatCache } from 'flat-cache';
import { Keyv } from 'keyv';
import { KeyvFile } from 'keyv-file';
import { createStorage, type StorageValue } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import { type Contender, ttlMs } from './contender.ts';

/** Without deadlines, which it does not know. */
export function cacacheFiles(folder: string): Contender {
  return {
    async get(key) {
      try {
        const { data } = await cacache.get(folder, key);
        return JSON.parse(data.toString()) as unknown;
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    set: (key, value) => cacache.put(folder, key, JSON.stringify(value)),
    close: () => undefined,
  };
}

/** A file for each key; its other way, one file for all, is rewritten with each write. */
export function keyvFiles(folder: string): Contender {
  mkdirSync(join(folder, 'keyv'), { recursive: true });
  const store = new KeyvFile({ filename: join(folder, 'keyv', 'k-'), separatedFile: true });
  const keyv = new Keyv({ store: store as never });
  return {
    get: (key) => keyv.get(key),
    set: (key, value) => keyv.set(key, value, ttlMs),
    close: () => keyv.disconnect(),
  };
}

/** Without deadlines, which it does not know. It writes over the old file. */
export function unstorageFiles(folder: string): Contender {
  const storage = createStorage({ driver: fsDriver({ base: join(folder, 'unstorage') }) });
  return {
    async get(key) {
      return (await storage.getItem(key)) ?? undefined;
    },
    set: (key, value) => storage.setItem(key, value as StorageValue),
    close: () => storage.dispose(),
  };
}

/** It writes over the old file. */
export function bentocacheFiles(folder: string): Contender {
  const driver = fileDriver({ directory: join(folder, 'bento'), pruneInterval: false });
  const bento = new BentoCache({
    default: 'disk',
    stores: { disk: bentostore().useL2Layer(driver) },
    ttl: ttlMs,
  });
  return {
    get: (key) => bento.get({ key }),
    set: (key, value) => bento.set({ key, value }),
    invalidateTag: (tag) => bento.deleteByTag({ tags: [tag] }),
    close: () => bento.disconnectAll(),
  };
}

/** All entries are in memory and in one file, which each write that is to be kept writes anew. */
export function flatCacheFile(folder: string): Contender {
  const cache = new FlatCache({ cacheDir: folder, ttl: ttlMs });
  cache.load();
  return {
    get: (key) => cache.get(key),
    set(key, value) {
      cache.set(key, value);
      cache.save(true);
    },
    setMany(entries) {
      for (const [key, value] of entries) cache.set(key, value);
      cache.save(true);
    },
    close: () => undefined,
  };
}
