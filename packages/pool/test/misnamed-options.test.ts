import { UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '@x/pool';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

const bodyElsewhere =
  'options must be an object such as { headers }; a body goes in { json }, { form } or { body }';

const noOption = (name: string): string =>
  `${name} is not an option; there are method, headers, query, json, form, body, signal, permits, totalTimeoutMs, attemptTimeoutMs, headersTimeoutMs, bodyTimeoutMs, maxRetries, throwOnStatus, idempotent and stream; a body goes in { json }, { form } or { body }`;

class Context {
  readonly traceId = 'a';

  get method(): string {
    return 'POST';
  }
}

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
    ['{"a":1}', 'options must be an object such as { headers }, got "{\\"a\\":1}"'],
    [{ a: 1 }, noOption('a')],
    [{ a: 1, method: 'card', query: {} }, noOption('a')],
    [new Context(), noOption('traceId')],
    [
      AbortSignal.timeout(1_000),
      'options must be an object such as { signal }, got an AbortSignal',
    ],
    [Promise.resolve(), 'options must be an object such as { signal }, got a promise'],
    [[1], bodyElsewhere],
    [Buffer.from('a'), bodyElsewhere],
    [new URLSearchParams({ a: '1' }), bodyElsewhere],
  ])('with %j is refused before it is sent', async (options, message) => {
    await using pool = new HttpPool();
    const refusal = new TypeError(message);
    const url = 'http://127.0.0.1:1/';
    await expect(pool.post(url, untyped(options))).rejects.toThrow(refusal);
    const client = pool.extend({ headers: { a: 'b' } });
    await expect(client.post(url, untyped(options))).rejects.toThrow(refusal);
    expect(pool.stats().attempts).toBe(0);
  });

  it.each([{}, { traceId: undefined }])('may be given %j', async (options) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const answer = await pool.request(server.url('/echo'), untyped(options));
    expect(answer.status).toBe(200);
  });

  it('starts from no such defaults', async () => {
    await using pool = new HttpPool();
    expect(() => pool.extend(untyped({ timeout: 5 }))).toThrow(
      new TypeError('timeout is not an option; it is totalTimeoutMs'),
    );
  });
});
