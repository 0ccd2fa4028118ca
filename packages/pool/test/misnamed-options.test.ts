import { describe, expect, it } from 'vitest';
import { HttpPool } from '@x/pool';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

describe('new HttpPool', () => {
  it.each([
    [
      { timeout: 5 },
      'timeout is not an option; it is totalTimeoutMs for everything, readTimeoutMs without data',
    ],
    [{ connections: 5 }, 'connections is not an option; it is maxConnectionsPerOrigin'],
    [{ keepAliveTimeout: 5 }, 'keepAliveTimeout is not an option; it is idleTimeoutMs'],
    [{ retries: 5 }, 'retries is not an option; it is maxRetries'],
    [
      { backoffFactor: 0.3 },
      'backoffFactor is not an option; it is backoffMs, in milliseconds: backoffMs: 300 for a back-off factor of 0.3 s',
    ],
    [{ prefixUrl: 'http://a' }, 'prefixUrl is not an option; it is baseUrl'],
    [{ limiter: {} }, 'limiter is not an option; it is rateLimiter or concurrencyLimiter'],
    [{ rateLimiter: 10 }, 'rateLimiter must be such as a TokenBucket, got 10'],
    [{ concurrencyLimiter: 10 }, 'concurrencyLimiter must be such as a Semaphore, got 10'],
    [{ retryStatusCodes: 500 }, 'retryStatusCodes must be an array, got 500'],
    [{ retryMethods: 'GET' }, 'retryMethods must be an array, got "GET"'],
    [
      { baseUrl: 'api.example' },
      'baseUrl must be a URL such as "https://api.example/v1/", got "api.example"',
    ],
    ['http://a', 'options must be an object such as { baseUrl }, got "http://a"'],
  ])('refuses %j', (options, message) => {
    expect(() => new HttpPool(untyped(options))).toThrow(new TypeError(message));
  });
});

describe('a request', () => {
  it.each([
    [{ timeout: 5 }, 'timeout is not an option; it is totalTimeoutMs'],
    [{ timeoutMs: 5 }, 'timeoutMs is not an option; it is totalTimeoutMs'],
    [{ retries: 5 }, 'retries is not an option; it is maxRetries'],
    [{ searchParams: {} }, 'searchParams is not an option; it is query'],
    [{ data: {} }, 'data is not an option; it is json, form or body'],
    [5, 'options must be an object such as { headers }, got 5'],
  ])('with %j is refused before it is sent', async (options, message) => {
    await using pool = new HttpPool();
    const refusal = new TypeError(message);
    await expect(pool.get('http://127.0.0.1:1/', untyped(options))).rejects.toThrow(refusal);
    expect(pool.stats().attempts).toBe(0);
  });

  it('starts from no such defaults', async () => {
    await using pool = new HttpPool();
    expect(() => pool.extend(untyped({ timeout: 5 }))).toThrow(
      new TypeError('timeout is not an option; it is totalTimeoutMs'),
    );
  });
});
