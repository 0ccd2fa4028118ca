import { inspect } from 'node:util';
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
} from '@x/ratelimit';
import { ManualClock } from '@x/testkit';

describe('console.log', () => {
  it('shows permits that are there to the hundredth, and none that is not', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 1, clock });
    bucket.tryAcquire();
    clock.advance(99.99);
    expect(inspect(bucket)).toContain('available: 0.99,');
  });

  it('shows how many permits are held, until they are given back', () => {
    const permit = new Semaphore({ permits: 5 }).tryAcquire(2);
    expect(inspect(permit)).toBe('HeldPermit { permits: 2 }');
    permit?.release();
    expect(inspect(permit)).toBe('HeldPermit { permits: 0 }');
  });

  it('shows the rate that an AdaptiveRate has found', () => {
    const rate = new AdaptiveRate({ limiter: new TokenBucket({ permitsPerSecond: 10 }) });
    expect(inspect(rate)).toContain('permitsPerSecond: 10');
  });
});

describe('JSON', () => {
  const bucket = new TokenBucket({ permitsPerSecond: 5 });

  it.each([
    [bucket],
    [new CombinedLimiter({ limits: [{ permitsPerSecond: 5 }] })],
    [new KeyedRateLimiter({ permitsPerSecond: 5 })],
    [new AdaptiveRate({ limiter: bucket })],
    [new Semaphore({ permits: 5 })],
    [new KeyedSemaphore({ permits: 5 })],
    [new AdaptiveSemaphore({ targetMs: 5 })],
    [new Breaker()],
    [new TokenRetryBudget({ minRetriesPerSecond: 0 })],
  ])('of %o has what the console shows', (component) => {
    const shown = inspect(component, { breakLength: Infinity, depth: Infinity });
    const json = inspect(JSON.parse(JSON.stringify(component)), {
      breakLength: Infinity,
      depth: Infinity,
    });
    expect(`${component.constructor.name} ${json}`).toBe(shown);
  });
});
