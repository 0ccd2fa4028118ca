// What a hit costs: of `cached`, of the cache alone, and of packages that keep results.
import assert from 'node:assert/strict';
import { CacheManager, MemoryCache, MemoryStore } from '@x/cache-core';
import { cached } from '@x/decorators';
import { createCache } from 'async-cache-dedupe';
import { Cacheable, CacheableMemory } from 'cacheable';
import memoizee from 'memoizee';
import { memoize as microMemoize } from 'micro-memoize';
import moizeModule from 'moize';
import pMemoize from 'p-memoize';
import type { Case, Suite } from '../harness/suite.ts';
import { awaited, called, type Job, measureByTurns } from './turns.ts';

const { default: moize } = moizeModule;

const entries = 1_000;
const ttlMs = 3_600_000;
const numbers = Array.from({ length: entries }, (_, id) => id);
/** As far apart as ids of a database are. */
const scattered = numbers.map((id) => (id * 245_489 + 12_345) % 1_000_003);
const texts = numbers.map((id) => `user:${id}:profile`);

const newManager = (): CacheManager =>
  new CacheManager({ store: new MemoryStore({ maxEntries: 2 * entries }), ttlMs });

type Id = string | number;
type Load = (id: Id) => Promise<number>;

/**
 * Each package as its documentation shows it, keeping at least a thousand results; called with the position
 * of an argument in `ids`, and from a place of its own, as in a program.
 */
function peers(load: Load, ids: readonly Id[]): Record<string, (id: number) => Promise<number>> {
  const memoizeeLoad = memoizee(load, { promise: true, primitive: true, maxAge: ttlMs });
  const pMemoizeLoad = pMemoize(load);
  const microMemoizeLoad = microMemoize(load, { async: true, maxSize: entries });
  const moizeLoad = moize(load, { isPromise: true, maxSize: entries, maxAge: ttlMs });
  const dedupe = createCache({
    ttl: ttlMs / 1_000,
    storage: { type: 'memory', options: { size: 2 * entries } },
  }).define('load', load);
  const cacheable = new Cacheable({ ttl: ttlMs });
  const cacheableLoad = cacheable.wrap(load, { ttl: ttlMs, keyPrefix: 'load' });
  return {
    memoizee: (id) => memoizeeLoad(ids[id] as Id),
    'p-memoize': (id) => pMemoizeLoad(ids[id] as Id),
    'micro-memoize': (id) => microMemoizeLoad(ids[id] as Id),
    moize: (id) => moizeLoad(ids[id] as Id),
    'async-cache-dedupe': (id) => dedupe.load(ids[id] as Id),
    'cacheable wrap': (id) => cacheableLoad(ids[id] as Id),
  };
}

/** Hits with one of `ids`. */
function hits(ids: readonly Id[]): Case<undefined> {
  return async (_, probe) => {
    let loads = 0;
    const load = async (id: Id): Promise<number> => {
      loads++;
      return ids.indexOf(id);
    };
    const manager = newManager();
    const keys = ids.map((id) => `by hand:${id}`);
    const loadByKey = ({ key }: { key: string }): Promise<number> =>
      load(ids[keys.indexOf(key)] as Id);
    const repository = {
      load: cached(newManager(), { name: 'load', scope: 'instance' })(load),
    };
    const loadCached = cached(newManager(), { name: 'load' })(load);
    const contenders: Record<string, (id: number) => Promise<number>> = {
      'getOrSet, its key there': (id) => manager.getOrSet(keys[id] as string, loadByKey),
      'getOrSet, its key made': (id) => {
        const argument = ids[id] as Id;
        return manager.getOrSet(`made by hand:${argument}`, () => load(argument));
      },
      'ours, a function': (id) => loadCached(ids[id] as Id),
      'ours, a method': (id) => repository.load(ids[id] as Id),
      ...peers(load, ids),
    };

    const jobs: Record<string, Job> = {};
    for (const [name, read] of Object.entries(contenders)) {
      for (const id of numbers) assert.equal(await read(id), id, name);
      const before = loads;
      for (const id of numbers) assert.equal(await read(id), id, name);
      assert.equal(loads, before, `${name} hits`);
      jobs[name] = awaited(read);
    }
    await measureByTurns(probe, 5_000, jobs);
  };
}

async function atOnce(...[, probe]: Parameters<Case<undefined>>): Promise<void> {
  const double = (id: number): number => id * 2;
  const newCache = (): MemoryCache<string, number> =>
    new MemoryCache({ maxEntries: 2 * entries, ttlMs });
  const cache = newCache();
  const keys = numbers.map((id) => `by hand:${id}`);
  const doubleByKey = (key: string): number => keys.indexOf(key) * 2;
  const contenders: Record<string, (id: number) => number> = {
    'getOrSet, its key there': (id) => cache.getOrSet(keys[id] as string, doubleByKey),
    'getOrSet, its key made': (id) => cache.getOrSet(`made by hand:${id}`, () => double(id)),
    'ours, a function': cached(newCache())(double),
    memoizee: memoizee(double, { primitive: true, maxAge: ttlMs }),
    'micro-memoize': microMemoize(double, { maxSize: entries }),
    moize: moize(double, { maxSize: entries, maxAge: ttlMs }),
    'cacheable wrap': new CacheableMemory({ ttl: ttlMs }).wrap(double, { keyPrefix: 'double' }),
  };
  const jobs: Record<string, Job> = {};
  for (const [name, read] of Object.entries(contenders)) {
    for (const id of [...numbers, ...numbers]) assert.equal(read(id), id * 2, name);
    jobs[name] = called(read);
  }
  await measureByTurns(probe, 5_000, jobs);
}

export const suite: Suite<undefined> = {
  contenders: { 'by turns': () => undefined },
  cases: {
    'a number': hits(numbers),
    'a number, scattered': hits(scattered),
    'a string': hits(texts),
    'at once, a number': atOnce,
  },
};
