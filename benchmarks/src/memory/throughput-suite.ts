import { strict as assert } from 'node:assert';
import type { Case, Suite } from '../harness/suite.ts';
import { type Contender, type MakeContender, makers, withoutTtl } from './contenders.ts';
import { flatKeys } from './keys.ts';
import { seededRandom, shuffled, zipf } from './random.ts';

const ttlMs = 60_000;
const random = seededRandom(42);

function filled(make: MakeContender, keys: readonly string[], ttl?: number): Contender {
  const cache = make(keys.length, ttl);
  for (const [value, key] of keys.entries()) cache.set(key, value);
  return cache;
}

function hits(count: number, ttl?: number): Case<MakeContender> {
  return async (make, probe) => {
    const keys = flatKeys(count);
    const cache = filled(make, keys, ttl);
    for (const [value, key] of keys.slice(-10).entries()) {
      assert.equal(cache.get(key), count - 10 + value);
    }
    const asked = shuffled(keys, random);
    const passes = Math.ceil(1_000_000 / count);
    let sum = 0;
    await probe.time(passes * count, () => {
      for (let pass = 0; pass < passes; pass++) {
        for (const key of asked) sum += cache.get(key) ?? 0;
      }
    });
    assert.ok(sum > 0);
  };
}

function misses(count: number): Case<MakeContender> {
  return async (make, probe) => {
    const cache = filled(make, flatKeys(count));
    const absent = shuffled(flatKeys(count, 'user:absent!'), random);
    let found = 0;
    await probe.time(20 * count, () => {
      for (let pass = 0; pass < 20; pass++) {
        for (const key of absent) if (cache.get(key) !== undefined) found++;
      }
    });
    assert.equal(found, 0);
  };
}

function updates(count: number): Case<MakeContender> {
  return async (make, probe) => {
    const keys = flatKeys(count);
    const cache = filled(make, keys);
    const asked = shuffled(keys, random);
    const passes = Math.ceil(1_000_000 / count);
    let value = 0;
    await probe.time(passes * count, () => {
      for (let pass = 0; pass < passes; pass++) {
        for (const key of asked) cache.set(key, value++);
      }
    });
    assert.equal(cache.get(asked.at(-1) as string), value - 1);
  };
}

/** Every key is new: it was evicted long ago. */
function evictions(count: number, ttl?: number): Case<MakeContender> {
  return async (make, probe) => {
    const keys = shuffled(flatKeys(20 * count), random);
    const cache = filled(make, keys.slice(0, count), ttl);
    await probe.time(keys.length, () => {
      for (let index = 0; index < keys.length; index++) cache.set(keys[index] as string, index);
    });
    assert.equal(cache.get(keys.at(-1) as string), keys.length - 1);
  };
}

/** Reads by a skewed distribution over ten times as many keys as fit; a miss is filled. */
function mixed(count: number, theta: number): Case<MakeContender> {
  return async (make, probe) => {
    const keys = shuffled(flatKeys(10 * count), random);
    const draw = zipf(keys.length, theta, random);
    const asked = Array.from({ length: 1_000_000 }, () => keys[draw()] as string);
    const cache = make(count);
    let reads = 0;
    let found = 0;
    await probe.time(asked.length, () => {
      for (const key of asked) {
        reads++;
        if (cache.get(key) === undefined) cache.set(key, reads);
        else found++;
      }
    });
    probe.record('hitPercent', (100 * found) / reads);
    assert.ok(found > reads / 2);
  };
}

export const suite: Suite<MakeContender> = {
  contenders: Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => make])),
  cases: {
    'get hit, 1k': hits(1_000),
    'get hit, 50k': hits(50_000),
    'get hit, 50k, ttl': hits(50_000, ttlMs),
    'get miss, 10k': misses(10_000),
    'update, 10k': updates(10_000),
    'update, 50k': updates(50_000),
    'set and evict, 10k': evictions(10_000),
    'set and evict, 10k, ttl': evictions(10_000, ttlMs),
    'mixed, Zipf 0.99': mixed(10_000, 0.99),
    'mixed, Zipf 0.9': mixed(10_000, 0.9),
  },
  leftOut: withoutTtl.flatMap((name) => [
    `${name}: get hit, 50k, ttl`,
    `${name}: set and evict, 10k, ttl`,
  ]),
};
