import { describe, expect, it } from 'vitest';
import { MemoryCache, type PolicyName } from '../src/index.ts';

/** Reads `keys` through a cache that fills misses; answers the hits in percent. */
function hitPercent(cache: MemoryCache<unknown, number>, keys: Iterable<unknown>): number {
  const before = cache.stats();
  for (const key of keys) if (cache.get(key) === undefined) cache.set(key, 1);
  const after = cache.stats();
  const hits = after.hits - before.hits;
  return (100 * hits) / (hits + after.misses - before.misses);
}

function cacheOf(policy: PolicyName, maxEntries = 500): MemoryCache<unknown, number> {
  return new MemoryCache({ policy, maxEntries });
}

function* loop(length: number, times: number): Generator<number> {
  for (let index = 0; index < length * times; index++) yield index % length;
}

/**
 * Each key is read a few times soon after the first, then never again.
 *
 * @yields a key
 */
function* recent(count: number, first = 0): Generator<number> {
  for (let index = 0; index < count; index++) {
    yield first + index;
    for (const distance of [1, 10, 100]) yield first + Math.max(0, index - distance);
  }
}

describe('MemoryCache with policy tiny-lfu', () => {
  it('keeps what is used often through a scan', () => {
    const often = Array.from({ length: 20_000 }, (_, index) => `often:${(index * 7) % 400}`);
    const scan = Array.from({ length: 5_000 }, (_, index) => `once:${index}`);
    const after = often.slice(0, 400);
    const lru = cacheOf('lru');
    const tinyLfu = cacheOf('tiny-lfu');
    for (const cache of [lru, tinyLfu]) hitPercent(cache, [...often, ...scan]);

    expect(hitPercent(tinyLfu, after)).toBeGreaterThan(85);
    expect(hitPercent(lru, after)).toBe(0);
  });

  it('serves part of a loop that does not fit, where lru serves nothing', () => {
    expect(hitPercent(cacheOf('lru'), loop(1_000, 50))).toBe(0);
    expect(hitPercent(cacheOf('tiny-lfu'), loop(1_000, 50))).toBeGreaterThan(40);
  });

  it('is close to lru where only recency counts', () => {
    const lru = hitPercent(cacheOf('lru'), recent(50_000));
    expect(hitPercent(cacheOf('tiny-lfu'), recent(50_000))).toBeGreaterThan(lru - 3);
  });

  it('follows a load that changes its nature', () => {
    const cache = cacheOf('tiny-lfu');
    hitPercent(cache, recent(50_000));
    hitPercent(cache, loop(1_000, 20));
    expect(hitPercent(cache, loop(1_000, 20))).toBeGreaterThan(35);
    hitPercent(cache, recent(20_000, 1e6));
    expect(hitPercent(cache, recent(20_000, 2e6))).toBeGreaterThan(70);
  });

  it('forgets what was popular once', () => {
    const cache = cacheOf('tiny-lfu', 100);
    hitPercent(cache, loop(100, 200));
    const popularNow = Array.from({ length: 100_000 }, (_, index) => 1_000 + ((index * 7) % 90));

    hitPercent(cache, popularNow);
    expect(hitPercent(cache, popularNow)).toBeGreaterThan(95);
  });

  it('adapts as before after a load of writes without reads', () => {
    const cache = cacheOf('tiny-lfu');
    for (let index = 0; index < 20_000; index++) {
      cache.get(`written:${index}`);
      for (let time = 0; time < 5; time++) cache.set(`written:${index}`, time);
    }
    hitPercent(cache, recent(50_000));
    expect(hitPercent(cache, recent(50_000, 1e6))).toBeGreaterThan(70);
    hitPercent(cache, loop(1_000, 20));
    expect(hitPercent(cache, loop(1_000, 20))).toBeGreaterThan(35);
  });

  it('lets a key in at last that an attacker made to look unpopular', () => {
    const cache = cacheOf('tiny-lfu', 50);
    // Everybody is as popular as the sketch can tell.
    hitPercent(cache, loop(100, 500));
    const seen = new Set<unknown>();
    for (let round = 0; round < 200; round++) {
      hitPercent(cache, loop(100, 1));
      for (const key of cache.keys()) seen.add(key);
    }
    expect(seen.size).toBeGreaterThan(90);
  });

  it('works with keys that cannot be hashed', () => {
    const objects = Array.from({ length: 200 }, () => ({}));
    const cache = cacheOf('tiny-lfu', 100);
    const keys = Array.from({ length: 10_000 }, (_, index) => objects[(index * 7) % 80]);

    expect(hitPercent(cache, keys)).toBeGreaterThan(98);
    for (const key of objects) cache.set(key, 1);
    expect(cache.size).toBe(100);
  });

  it.each([1, 2, 3, 7])('stays within %i entries', (maxEntries) => {
    const cache = cacheOf('tiny-lfu', maxEntries);
    for (let index = 0; index < 1_000; index++) {
      cache.set(index % 13, index);
      cache.get(index % 5);
      expect(cache.size).toBeLessThanOrEqual(maxEntries);
      expect(cache.peek(index % 13)).toBe(index);
    }
  });
});
