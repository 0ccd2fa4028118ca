import { Agent } from 'node:http';
import { UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '@x/pool';
import { FakeConcurrencyLimiter, FakeRateLimiter } from './fake-limiters.ts';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

const bodyElsewhere = 'a body goes in { json }, { form } or { body }';
const noObject = (came: string): string =>
  `options must be an object such as { headers }, got ${came}; ${bodyElsewhere}`;

const authorization = 'it is a header: headers: { authorization }; or user and password in the URL';

const noOption = (name: string): string =>
  `${name} is not an option; there are method, headers, query, json, form, body, signal, permits, totalTimeoutMs, attemptTimeoutMs, headersTimeoutMs, bodyTimeoutMs, maxRetries, throwOnStatus, idempotent and stream; ${bodyElsewhere}`;

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
      { retryStatusCodes: [500, '503'] },
      'retryStatusCodes must be an array of numbers, got "503" in it',
    ],
    [{ secretHeaders: [5] }, 'secretHeaders must be an array of strings, got 5 in it'],
    [
      { dispatcher: new Agent() },
      'dispatcher must be a Dispatcher of undici, with dispatch(), got an object of class Agent',
    ],
    [{ dispatcher: null }, 'dispatcher must be a Dispatcher of undici, with dispatch(), got null'],
    [
      { proxy: { host: 'a', port: 1 } },
      'proxy must be a URL such as "http://127.0.0.1:8080", or "env", got an object',
    ],
    [
      { proxy: 'user:secret@proxy.example:8080' },
      'proxy must be a URL such as "http://127.0.0.1:8080", or "env", got one that begins with "user:"',
    ],
    [{ connect: 'a' }, 'connect must be an object such as { ca, rejectUnauthorized }, got "a"'],
    [
      { connect: { timeout: 5 } },
      'timeout is not an option of connect; it is connectTimeoutMs, beside it',
    ],
    [{ connect: { allowH2: true } }, 'connect.allowH2 must be left out; HTTP/2 is not offered'],
    [{ socketPath: 5 }, 'socketPath must be a string that is not empty, got 5'],
    [
      { baseUrl: 'api.example' },
      'baseUrl must be a URL such as "https://api.example/v1/", got "api.example"',
    ],
    [
      { baseUrl: 'localhost:3000' },
      'baseUrl must be a URL such as "https://api.example/v1/", got "localhost:3000"',
    ],
    [
      { baseUrl: 'ftp://user:secret@api.example/' },
      'baseUrl must be a URL such as "https://api.example/v1/", got "ftp://api.example/"',
    ],
    [
      { proxy: 'http://user:secret@127.0.0.1:99999' },
      'proxy must be a URL such as "http://127.0.0.1:8080", or "env", got "http://127.0.0.1:99999"',
    ],
    [
      { baseUrl: 'https://api.example/v1/?key=secret' },
      'baseUrl must have no query, which a relative URL loses; extend({ query }) keeps one',
    ],
    [
      { headers: 'accept: text/plain' },
      `headers must be an object such as { accept: 'text/plain' }, or pairs of a name and a value, got a string`,
    ],
    [
      { maxConnections: 5 },
      'maxConnections is not an option; did you mean maxConnectionsPerOrigin, maxTotalConnections or maxConnectionAgeMs?',
    ],
    [
      { maxConnectionsPerHost: 5 },
      'maxConnectionsPerHost is not an option; it is maxConnectionsPerOrigin',
    ],
    [{ rateLimit: 5 }, 'rateLimit is not an option; it is rateLimiter, such as a TokenBucket'],
    [{ semaphore: {} }, 'semaphore is not an option; it is concurrencyLimiter'],
    [
      { concurrency: 5 },
      'concurrency is not an option; it is concurrencyLimiter, such as a Semaphore',
    ],
    [
      { limit: 5 },
      'limit is not an option; did you mean rateLimiter, concurrencyLimiter or rateLimiterFor?',
    ],
    [{ breaker: {} }, 'breaker is not an option; it is breakerFor, a function of the origin'],
    [{ registry: {} }, 'registry is not an option; it is meter'],
    [{ metrics: {} }, 'metrics is not an option; it is meter'],
    [{ retryDelay: 5 }, 'retryDelay is not an option; it is backoffMs'],
    [{ backoff: 5 }, 'backoff is not an option; did you mean backoffMs or maxBackoffMs?'],
    [{ throwHttpErrors: false }, 'throwHttpErrors is not an option; it is throwOnStatus'],
    [{ validateStatus: null }, 'validateStatus is not an option; it is throwOnStatus'],
    ...['rejectUnauthorized', 'ca', 'cert', 'key'].map((name): [object, string] => [
      { [name]: 'a' },
      `${name} is not an option; it is one of connect, as in connect: { ca, rejectUnauthorized }`,
    ]),
    [{ base: 'http://a' }, 'base is not an option; it is baseUrl'],
    [
      { keepAlive: true },
      'keepAlive is not an option; it is always on; idleTimeoutMs says for how long',
    ],
    [{ query: {} }, 'query is not an option; it is one of a request: get(url, { query })'],
    [{ signal: {} }, 'signal is not an option; it is one of a request: get(url, { signal })'],
    [{ json: {} }, 'json is not an option; it is one of a request: post(url, { json })'],
    [
      { method: 'GET' },
      'method is not an option; it is one of a request: request(url, { method })',
    ],
    [
      { searchParams: {} },
      'searchParams is not an option; it is query of a request: get(url, { query })',
    ],
    [{ auth: {} }, `auth is not an option; ${authorization}`],
    [{ followRedirects: true }, 'followRedirects is not an option; did you mean maxRedirects?'],
    [
      { userAgent: 'a' },
      "userAgent is not an option; it is a header: headers: { 'user-agent': 'my-program/1.0' }",
    ],
    ['http://a', 'options must be an object such as { baseUrl }, got "http://a"'],
  ])('refuses %j', (options, message) => {
    expect(() => new HttpPool(untyped(options))).toThrow(new TypeError(message));
  });
});

describe('a function that answers what guards an origin', () => {
  const bucket = new FakeRateLimiter(1);
  const semaphore = new FakeConcurrencyLimiter(1);

  it.each([
    [
      'rateLimiterFor',
      semaphore,
      'rateLimiterFor(origin) must be such as a TokenBucket, got an object of class FakeConcurrencyLimiter',
    ],
    [
      'rateLimiterFor',
      Promise.resolve(bucket),
      'rateLimiterFor(origin) must be such as a TokenBucket, got a promise',
    ],
    [
      'concurrencyLimiterFor',
      bucket,
      'concurrencyLimiterFor(origin) must be such as a Semaphore, got an object of class FakeRateLimiter',
    ],
    ['breakerFor', {}, 'breakerFor(origin) must be such as a Breaker, got an object'],
    ['retryBudgetFor', 5, 'retryBudgetFor(origin) must be such as a TokenRetryBudget, got 5'],
  ])('is %s, and not with %o', async (option, answer, message) => {
    await using pool = new HttpPool({ [option]: () => answer });
    await expect(pool.get('http://127.0.0.1:1/')).rejects.toThrow(new TypeError(message));
    expect(pool.stats()).toMatchObject({ attempts: 0, connectionsOpened: 0 });
  });

  it('decides at once about a retry', async () => {
    await using pool = new HttpPool({ retryIf: untyped(async () => false) });
    await expect(pool.get('http://127.0.0.1:1/')).rejects.toMatchObject({
      message: 'retryIf must answer at once, got a promise',
      cause: { code: 'ERR_POOL_REQUEST' },
    });
  });
});

describe('a request', () => {
  it.each([
    [{ timeout: 5 }, 'timeout is not an option; it is totalTimeoutMs'],
    [{ timeoutMs: 5 }, 'timeoutMs is not an option; it is totalTimeoutMs'],
    [{ retries: 5 }, 'retries is not an option; it is maxRetries'],
    [{ searchParams: {} }, 'searchParams is not an option; it is query'],
    [{ data: {} }, 'data is not an option; it is json, form or body'],
    [5, noObject('5')],
    ['{"a":1}', noObject('a string')],
    [{ a: 1 }, noOption('a')],
    [{ a: 1, method: 'card', query: {} }, noOption('a')],
    [new Context(), noOption('traceId')],
    [
      AbortSignal.timeout(1_000),
      'options must be an object such as { signal }, got an AbortSignal',
    ],
    [Promise.resolve(), 'options must be an object such as { signal }, got a promise'],
    [[1], noObject('an array')],
    [Buffer.from('a'), noObject('an object of class Buffer')],
    [new URLSearchParams({ a: '1' }), noObject('an object of class URLSearchParams')],
    [
      { baseUrl: 'http://a' },
      'baseUrl is not an option; it is one of the pool: new HttpPool({ baseUrl })',
    ],
    [{ prefixUrl: 'http://a' }, 'prefixUrl is not an option; it is baseUrl of new HttpPool'],
    [{ validateStatus: null }, 'validateStatus is not an option; it is throwOnStatus'],
    [
      { responseType: 'json' },
      'responseType is not an option; it is a method of the answer: json(), text(), bytes(), or body with { stream: true }',
    ],
    [{ auth: {} }, `auth is not an option; ${authorization}`],
    [{ tokens: 5 }, 'tokens is not an option; it is permits'],
  ])('with %j is refused before it is sent', async (options, message) => {
    await using pool = new HttpPool();
    const refusal = new TypeError(message);
    const url = 'http://127.0.0.1:1/';
    await expect(pool.post(url, untyped(options))).rejects.toThrow(refusal);
    const client = pool.extend({ headers: { a: 'b' } });
    await expect(client.post(url, untyped(options))).rejects.toThrow(refusal);
    expect(pool.stats().attempts).toBe(0);
  });

  it.each(['get', 'head'] as const)('by %s is told of the query, not of a body', async (verb) => {
    await using pool = new HttpPool();
    const query = 'parameters of the URL go in { query }';
    await expect(pool[verb]('http://127.0.0.1:1/', untyped({ a: 1 }))).rejects.toThrow(
      new TypeError(noOption('a').replace(bodyElsewhere, query)),
    );
    await expect(pool[verb]('http://127.0.0.1:1/', untyped('a=1'))).rejects.toThrow(
      new TypeError(`options must be an object such as { headers }, got a string; ${query}`),
    );
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
