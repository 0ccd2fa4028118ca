import { describe, expect, it } from 'vitest';
import {
  AdaptiveRate,
  AdaptiveSemaphore,
  Breaker,
  CombinedLimiter,
  KeyedRateLimiter,
  KeyedSemaphore,
  Semaphore,
  TokenBucket,
  TokenRetryBudget,
} from '../src/index.ts';

describe('options that are no object', () => {
  it.each([
    [TokenBucket, undefined, '{ permitsPerSecond }, got undefined'],
    [TokenBucket, 5, '{ permitsPerSecond }, got 5'],
    [KeyedRateLimiter, undefined, '{ permitsPerSecond }, got undefined'],
    [CombinedLimiter, undefined, '{ limits }, got undefined'],
    [AdaptiveRate, undefined, '{ limiter }, got undefined'],
    [Semaphore, undefined, '{ permits }, got undefined'],
    [Semaphore, 3, '{ permits }, got 3'],
    [KeyedSemaphore, undefined, '{ permits }, got undefined'],
    [AdaptiveSemaphore, undefined, '{ maxPermits }, got undefined'],
    [Breaker, 'api', '{ name }, got "api"'],
    [TokenRetryBudget, 0.2, '{ retryRatio }, got 0.2'],
  ])('are refused by %o: %o', (Class, options, message) => {
    const Any = Class as unknown as new (options: unknown) => unknown;
    expect(() => new Any(options)).toThrow(
      new TypeError(`options must be an object such as ${message}`),
    );
  });
});

describe('Semaphore.run', () => {
  it.each([
    [5, '5'],
    [Promise.resolve(), 'a promise'],
  ])('rejects where it is given %o for a function, also while others wait', async (fn, got) => {
    const semaphore = new Semaphore({ permits: 1 });
    const expected = new TypeError(`fn must be a function, got ${got}`);

    await expect(semaphore.run(fn as never)).rejects.toThrow(expected);
    const held = await semaphore.acquire();
    await expect(semaphore.run(fn as never)).rejects.toThrow(expected);
    held.release();
    expect(semaphore.stats()).toMatchObject({ active: 0, queued: 0 });
  });
});
