import { describe, expect, it } from 'vitest';
import { cached, concurrencyLimited, rateLimited, retried, timeLimited } from '@x/decorators';

/** Options as JavaScript may give them. */
const untyped = (options: object): never => options as never;

/** What is found when a call is made. */
const resource = (): never => {
  throw new Error('no call is made');
};

describe('options under the names of other libraries', () => {
  it.each([
    ['cached', { ttl: 5 }, 'ttl is not an option; it is ttlMs, in milliseconds'],
    ['cached', { cacheKey: () => 'a' }, 'cacheKey is not an option; it is key'],
    ['retried', { retries: 3 }, 'retries is not an option; it is maxRetries'],
    ['retried', { minTimeout: 3 }, 'minTimeout is not an option; it is backoffMs'],
    ['timeLimited', { timeout: 5 }, 'timeout is not an option; it is timeoutMs'],
    ['rateLimited', { tokens: 2 }, 'tokens is not an option; it is permits'],
    [
      'rateLimited',
      { tokensPerInterval: 2 },
      'tokensPerInterval is not an option; it is permitsPerSecond of the limiter: rateLimited(new TokenBucket({ permitsPerSecond }))',
    ],
    ['concurrencyLimited', { timeout: 5 }, 'timeout is not an option; it is timeoutMs'],
    [
      'concurrencyLimited',
      { maxConcurrent: 5 },
      'maxConcurrent is not an option; it is permits of the limiter: concurrencyLimited(new Semaphore({ permits }))',
    ],
  ])('are refused by %s: %j', (decorator, given, message) => {
    const options = untyped(given);
    const decorate: Record<string, () => unknown> = {
      cached: () => cached(resource, options),
      retried: () => retried(options),
      timeLimited: () => timeLimited(options),
      rateLimited: () => rateLimited(resource, options),
      concurrencyLimited: () => concurrencyLimited(resource, options),
    };
    expect(decorate[decorator]).toThrow(new TypeError(message));
  });
});
