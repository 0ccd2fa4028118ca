import { MemoryCache } from '@x/cache-core';
import { SieveCache } from '@neophi/sieve-cache';
import { LRUCache } from 'lru-cache';
import { LRUMap } from 'mnemonist';
import QuickLRU from 'quick-lru';
import { lru } from 'tiny-lru';
import { newCache } from 'transitory';

/** What every memory cache can do. */
export interface Contender {
  get(key: string): number | undefined;
  set(key: string, value: number): void;
}

export type MakeContender = (maxEntries: number, ttlMs?: number) => Contender;

/** The caches by name; those in `withoutTtl` cannot expire entries. */
export const makers: Readonly<Record<string, MakeContender>> = {
  MemoryCache: (maxEntries, ttlMs) => new MemoryCache<string, number>({ maxEntries, ttlMs }),
  "MemoryCache, 'lru'": (maxEntries, ttlMs) =>
    new MemoryCache<string, number>({ maxEntries, ttlMs, policy: 'lru' }),
  'lru-cache': (max, ttl) =>
    new LRUCache<string, number>(ttl === undefined ? { max } : { max, ttl }),
  'tiny-lru': (max, ttl) => lru<number>(max, ttl),
  'quick-lru': (maxSize, maxAge) =>
    new QuickLRU<string, number>(maxAge === undefined ? { maxSize } : { maxSize, maxAge }),
  'mnemonist LRUMap': (max) => new LRUMap<string, number>(max),
  '@neophi/sieve-cache': (max) => new SieveCache<string, number>(max),
  transitory: (maxSize, ttlMs) => {
    const builder = newCache<string, number>().maxSize(maxSize);
    const cache = ttlMs === undefined ? builder.build() : builder.expireAfterWrite(ttlMs).build();
    return {
      get: (key) => cache.getIfPresent(key) ?? undefined,
      set: (key, value) => void cache.set(key, value),
    };
  },
};

export const withoutTtl: readonly string[] = ['mnemonist LRUMap', '@neophi/sieve-cache'];
