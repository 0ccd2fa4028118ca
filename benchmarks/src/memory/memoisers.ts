import { CacheManager, MemoryStore } from '@x/cache-core';
import { createCache as createDedupe } from 'async-cache-dedupe';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { createCache as createCacheManager } from 'cache-manager';
import { Cacheable } from 'cacheable';
import { LRUCache } from 'lru-cache';
import pMemoize from 'p-memoize';
import { installedVersions } from '../harness/installed-versions.ts';

/** What is kept: an object, as most programs keep. */
export interface Value {
  readonly key: string;
}

export type Load = (key: string) => Promise<Value>;

export interface MemoiserOptions {
  readonly load: Load;
  readonly ttlMs: number;
  /** How long a stale value is served while it is refreshed; 0 for not at all. */
  readonly staleMs: number;
}

/** Answers the value of a key, from memory or by its loader. */
export type Read = (key: string) => Promise<Value>;

/** Makes a cache for 100,000 entries in front of a loader. */
export type Memoiser = (options: MemoiserOptions) => Read;

const entries = 100_000;

/** Each package as its own documentation shows it, keeping values as they are, without copies. */
export const memoisers: Readonly<Record<string, () => Memoiser>> = {
  '@x/cache-core': () => (options) => {
    const cache = new CacheManager({
      store: new MemoryStore({ maxEntries: entries }),
      ttlMs: options.ttlMs,
      staleWhileRevalidateMs: options.staleMs,
    });
    const load = ({ key }: { key: string }): Promise<Value> => options.load(key);
    return (key) => cache.getOrSet(key, load);
  },
  'lru-cache': () => (options) => {
    const cache = new LRUCache<string, Value>({
      max: entries,
      ttl: options.ttlMs,
      fetchMethod: options.load,
      allowStale: options.staleMs > 0,
    });
    return (key) => cache.fetch(key) as Promise<Value>;
  },
  'p-memoize': () => (options) => pMemoize(options.load),
  'async-cache-dedupe': () => (options) => {
    const cache = createDedupe({
      ttl: options.ttlMs / 1_000,
      stale: options.staleMs / 1_000,
      storage: { type: 'memory', options: { size: entries } },
    }).define('load', options.load);
    return (key) => cache.load(key);
  },
  'cache-manager': () => (options) => {
    // It has one time to live, and refreshes within the last part of it.
    const { staleMs, ttlMs } = options;
    const cache = createCacheManager({ ttl: ttlMs + staleMs, refreshThreshold: staleMs });
    return (key) => cache.wrap(key, () => options.load(key));
  },
  bentocache: () => (options) => {
    const cache = new BentoCache({
      default: 'memory',
      stores: {
        memory: bentostore().useL1Layer(memoryDriver({ maxItems: entries, serialize: false })),
      },
      ttl: options.ttlMs,
      ...(options.staleMs > 0 && { grace: options.staleMs, timeout: 0 }),
    });
    return (key) => cache.getOrSet({ key, factory: () => options.load(key) });
  },
  cacheable: () => (options) => {
    const cache = new Cacheable({ ttl: options.ttlMs });
    return (key) => cache.getOrSet(key, () => options.load(key)) as Promise<Value>;
  },
};

/** Of the packages that the manager is measured against. */
export const memoiserVersions: Record<string, string> = installedVersions(
  Object.keys(memoisers).filter((name) => !name.startsWith('@x/')),
);
