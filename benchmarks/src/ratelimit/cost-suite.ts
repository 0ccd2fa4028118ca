import assert from 'node:assert/strict';
import { RateLimit } from 'async-sema';
import Bottleneck from 'bottleneck';
import { RateLimiter, TokenBucket as LimiterBucket } from 'limiter';
import PQueue from 'p-queue';
import pThrottle from 'p-throttle';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import { KeyedRateLimiter, TokenBucket } from '@x/ratelimit';
import type { Suite } from '../harness/suite.ts';
import { usedBytes } from './cpu.ts';

/** Never reached by what is measured. */
const plenty = 1e9;
/** Keys for which memory is measured. */
const keyCount = 100_000;

interface CostContender {
  /** Asks a limiter that always grants. */
  readonly granting?: () => () => boolean | Promise<boolean>;
  /** Asks a limiter that has nothing left. */
  readonly refusing?: () => () => boolean | Promise<boolean>;
  /** Waits for a limiter that always grants. */
  readonly waiting?: () => () => Promise<unknown>;
  /** Asks by key; 10 a second, 20 at once. */
  readonly keyed?: () => (key: string) => boolean | Promise<boolean>;
  /** Thousands of calls that are timed at a time. */
  readonly thousands: number;
}

const settled = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );

function keyedBy<T>(create: () => T, ask: (limiter: T) => boolean): (key: string) => boolean {
  const limiters = new Map<string, T>();
  return (key) => {
    let limiter = limiters.get(key);
    if (limiter === undefined) limiters.set(key, (limiter = create()));
    return ask(limiter);
  };
}

const contenders: Record<string, () => CostContender> = {
  ours: () => ({
    granting: () => {
      const bucket = new TokenBucket({ permitsPerSecond: plenty, burst: plenty });
      return () => bucket.tryAcquire();
    },
    refusing: () => {
      const bucket = new TokenBucket({ permitsPerSecond: 1e-3, burst: 1 });
      bucket.tryAcquire();
      return () => bucket.tryAcquire();
    },
    waiting: () => {
      const bucket = new TokenBucket({ permitsPerSecond: plenty, burst: plenty });
      return () => bucket.acquire();
    },
    keyed: () => {
      const limiter = new KeyedRateLimiter({ permitsPerSecond: 10, burst: 20 });
      return (key) => limiter.tryAcquire(key);
    },
    thousands: 1_000,
  }),
  'limiter TokenBucket': () => ({
    granting: () => {
      const bucket = new LimiterBucket({
        bucketSize: plenty,
        tokensPerInterval: plenty,
        interval: 1_000,
      });
      bucket.content = plenty;
      return () => bucket.tryRemoveTokens(1);
    },
    refusing: () => {
      const bucket = new LimiterBucket({ bucketSize: 1, tokensPerInterval: 1, interval: 'day' });
      return () => bucket.tryRemoveTokens(1);
    },
    waiting: () => {
      const bucket = new LimiterBucket({
        bucketSize: plenty,
        tokensPerInterval: plenty,
        interval: 1_000,
      });
      bucket.content = plenty;
      return () => bucket.removeTokens(1);
    },
    keyed: () =>
      keyedBy(
        () => {
          const options = { bucketSize: 20, tokensPerInterval: 10, interval: 'second' } as const;
          const bucket = new LimiterBucket(options);
          bucket.content = 20;
          return bucket;
        },
        (bucket) => bucket.tryRemoveTokens(1),
      ),
    thousands: 1_000,
  }),
  'limiter RateLimiter': () => ({
    granting: () => {
      const limiter = new RateLimiter({ tokensPerInterval: plenty, interval: 1_000 });
      return () => limiter.tryRemoveTokens(1);
    },
    refusing: () => {
      const limiter = new RateLimiter({ tokensPerInterval: 1, interval: 'day' });
      limiter.tryRemoveTokens(1);
      return () => limiter.tryRemoveTokens(1);
    },
    waiting: () => {
      const limiter = new RateLimiter({ tokensPerInterval: plenty, interval: 1_000 });
      return () => limiter.removeTokens(1);
    },
    keyed: () =>
      keyedBy(
        () => new RateLimiter({ tokensPerInterval: 10, interval: 'second' }),
        (limiter) => limiter.tryRemoveTokens(1),
      ),
    thousands: 1_000,
  }),
  'rate-limiter-flexible': () => ({
    granting: () => {
      const limiter = new RateLimiterMemory({ points: plenty, duration: 1_000 });
      return () => settled(limiter.consume('key'));
    },
    refusing: () => {
      const limiter = new RateLimiterMemory({ points: 0, duration: 1_000 });
      return () => settled(limiter.consume('key'));
    },
    waiting: () => {
      const limiter = new RateLimiterMemory({ points: plenty, duration: 1_000 });
      const queue = new RateLimiterQueue(limiter);
      return () => queue.removeTokens(1);
    },
    keyed: () => {
      const limiter = new RateLimiterMemory({ points: 20, duration: 2 });
      return (key) => settled(limiter.consume(key));
    },
    thousands: 200,
  }),
  'p-throttle': () => ({
    waiting: () =>
      pThrottle({ limit: plenty, interval: 1_000 })(() => {}) as unknown as () => Promise<void>,
    thousands: 200,
  }),
  'async-sema RateLimit': () => ({
    waiting: () => RateLimit(1_000_000, { timeUnit: 100 }),
    thousands: 200,
  }),
  'p-queue': () => ({
    waiting: () => {
      const queue = new PQueue({ intervalCap: plenty, interval: 1_000 });
      return () => queue.add(() => {});
    },
    thousands: 50,
  }),
  bottleneck: () => ({
    waiting: () => {
      const limiter = new Bottleneck({ reservoir: plenty });
      return () => limiter.schedule(() => Promise.resolve());
    },
    thousands: 1,
  }),
};

/** Asks `count` times; every answer must be `expected`. */
async function askOften(
  ask: () => boolean | Promise<boolean>,
  count: number,
  expected: boolean,
): Promise<void> {
  let right = 0;
  if (ask() instanceof Promise) {
    for (let call = 0; call < count; call++) if ((await ask()) === expected) right++;
  } else {
    for (let call = 0; call < count; call++) if (ask() === expected) right++;
  }
  assert.equal(right, count);
}

export const suite: Suite<CostContender> = {
  contenders,
  cases: {
    'tryAcquire, granted': ({ granting, thousands }, probe) => {
      const ask = granting?.();
      const count = thousands * 1_000;
      return ask && probe.time(count, () => askOften(ask, count, true));
    },
    'tryAcquire, refused': ({ refusing, thousands }, probe) => {
      const ask = refusing?.();
      const count = thousands * 1_000;
      return ask && probe.time(count, () => askOften(ask, count, false));
    },
    'acquire, granted at once': async ({ waiting, thousands }, probe) => {
      const wait = waiting?.();
      if (wait === undefined) return;
      const count = thousands * 1_000;
      await probe.time(count, async () => {
        for (let call = 0; call < count; call++) await wait();
      });
    },
    'by key, 100,000 keys': async ({ keyed }, probe) => {
      const ask = keyed?.();
      if (ask === undefined) return;
      const keys = Array.from({ length: keyCount }, (_, index) => `user:${index}`);
      // Flattens and hashes the keys, which is no cost of the limiter.
      assert.equal(new Set(keys).size, keyCount);
      const before = usedBytes();
      for (const key of keys) assert.equal(await ask(key), true);
      probe.record('bytesPerKey', (usedBytes() - before) / keyCount);
      const isAsync = ask('user:0') instanceof Promise;
      await probe.time(keyCount, async () => {
        if (isAsync) for (const key of keys) await ask(key);
        else for (const key of keys) void ask(key);
      });
    },
  },
  leftOut: ['p-throttle', 'async-sema RateLimit', 'p-queue', 'bottleneck'].flatMap((name) =>
    ['tryAcquire, granted', 'tryAcquire, refused', 'by key, 100,000 keys'].map(
      (one) => `${name}: ${one}`,
    ),
  ),
};
