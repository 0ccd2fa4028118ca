import { join } from 'node:path';
import { createCache } from 'cache-manager';
import { Cacheable } from 'cacheable';
import { BentoCache, bentostore } from 'bentocache';
import { knexDriver } from 'bentocache/drivers/knex';
import { KeyvSqlite } from '@keyv/sqlite';
import knex from 'knex';
import { Keyv } from 'keyv';
import { type Contender, ttlMs } from './contender.ts';

/** With the write-ahead log, which its README advises and does not turn on by itself. */
function openKeyv(folder: string): Keyv {
  const store = new KeyvSqlite({
    uri: `sqlite://${join(folder, 'keyv.db')}`,
    driver: 'node:sqlite',
    wal: true,
  });
  return new Keyv({ store });
}

export function keyvSqlite(folder: string): Contender {
  const keyv = openKeyv(folder);
  return {
    get: (key) => keyv.get(key),
    set: (key, value) => keyv.set(key, value, ttlMs),
    getMany: (keys) => keyv.getMany([...keys]),
    setMany: (entries) => keyv.setMany(entries.map(([key, value]) => ({ key, value, ttl: ttlMs }))),
    close: () => keyv.disconnect(),
  };
}

export function cacheableSqlite(folder: string): Contender {
  const cache = new Cacheable({ primary: openKeyv(folder) as never, ttl: ttlMs });
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value, ttlMs),
    getMany: (keys) => cache.getMany([...keys]),
    setMany: (entries) =>
      cache.setMany(entries.map(([key, value]) => ({ key, value, ttl: ttlMs }))),
    close: () => cache.disconnect(),
  };
}

export function cacheManagerSqlite(folder: string): Contender {
  const cache = createCache({ stores: [openKeyv(folder) as never], ttl: ttlMs });
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value, ttlMs),
    getMany: (keys) => cache.mget([...keys]),
    setMany: (entries) => cache.mset(entries.map(([key, value]) => ({ key, value, ttl: ttlMs }))),
    close: () => cache.disconnect(),
  };
}

export function bentocacheSqlite(folder: string): Contender {
  const connection = knex({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'bento.db') },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (
        database: { pragma(text: string): void },
        done: (error: unknown, database: unknown) => void,
      ) => {
        database.pragma('journal_mode = WAL');
        database.pragma('synchronous = NORMAL');
        done(undefined, database);
      },
    },
  });
  const bento = new BentoCache({
    default: 'disk',
    stores: { disk: bentostore().useL2Layer(knexDriver({ connection })) },
    ttl: ttlMs,
  });
  return {
    get: (key) => bento.get({ key }),
    set: (key, value) => bento.set({ key, value }),
    invalidateTag: (tag) => bento.deleteByTag({ tags: [tag] }),
    close: () => bento.disconnectAll(),
  };
}
