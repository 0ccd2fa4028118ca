import type { RateLimiter } from '@x/interfaces';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, serveHttp, until } from './support.ts';

class CountingLimiter implements RateLimiter {
  taken = 0;
  readonly pauses: number[] = [];

  tryAcquire(permits = 1): boolean {
    this.taken += permits;
    return true;
  }

  async acquire(): Promise<void> {}

  availablePermits(): number {
    return 1;
  }

  pauseUntil(epochMs: number): void {
    this.pauses.push(epochMs);
  }
}

describe('the retry budget of an origin', () => {
  const getTen = async (pool: HttpPool, clock: ManualClock, url: string): Promise<void> => {
    const calls = Array.from({ length: 10 }, () => pool.get(url, { throwOnStatus: false }));
    const ended: number[] = [];
    for (const call of calls) void call.then(({ status }) => ended.push(status));
    while (ended.length < 10) await clock.advanceAsync(0);
  };

  it('lets retries add a tenth and ten more when half of the answers are 503', async () => {
    let requests = 0;
    await using server = await serveHttp((_request, response) => {
      response.writeHead(requests++ % 2 === 0 ? 503 : 200).end();
    });
    const clock = new ManualClock();
    await using pool = new HttpPool({ random: () => 0, clock, maxRetries: 5 });
    for (let batch = 0; batch < 20; batch++) await getTen(pool, clock, server.origin);

    const extra = requests - 200;
    expect(extra).toBeGreaterThan(10);
    expect(extra).toBeLessThanOrEqual(200 * 0.1 + 10);
    expect(pool.stats()).toMatchObject({ retries: extra, attempts: requests });
    expect(pool.stats().retriesRefused).toBeGreaterThan(0);
  });

  it('lets a server that answers nothing but 503 get a tenth and ten more', async () => {
    await using server = await UpstreamServer.start();
    const clock = new ManualClock();
    await using pool = new HttpPool({ random: () => 0, clock, maxRetries: 5 });
    for (let batch = 0; batch < 20; batch++) await getTen(pool, clock, server.url('/status/503'));

    expect(server.stats().requests).toBeGreaterThan(220);
    expect(server.stats().requests).toBeLessThanOrEqual(200 + 20 + 10);
  });

  it('answers the failure itself when it is spent, and is asked for each origin', async () => {
    await using server = await UpstreamServer.start({ origins: 2 });
    const asked: string[] = [];
    await using pool = new HttpPool({
      random: () => 0,
      retryBudgetFor: (origin) => {
        asked.push(origin);
        const none = { deposit: () => {}, tryWithdraw: () => false, balance: 0 };
        return origin === server.origins[0] ? none : undefined;
      },
    });

    const refused = await rejection(pool.get(`${server.origins[0]}/status/503`));
    expect(refused).toMatchObject({
      code: 'ERR_POOL_STATUS',
      status: 503,
      attempts: 1,
      retriesEndedBy: 'budget',
      message: `GET ${server.origins[0]}/status/503: the server answered 503; not tried again: the retry budget of ${server.origins[0]} is spent`,
    });
    await pool.get(`${server.origins[1]}/flaky?fail=2&key=a`);
    await pool.get(`${server.origins[1]}/echo`);
    expect(asked).toEqual(server.origins);
  });

  it('is named in the error of a network failure, its stack and the log when it is spent', async () => {
    const server = await serveHttp(() => {});
    await server[Symbol.asyncDispose]();
    const lines: string[] = [];
    const logger = { ...console, debug: (message: string) => lines.push(message) };
    const none = { deposit: () => {}, tryWithdraw: () => false, balance: 0 };
    await using pool = new HttpPool({ name: 'api', logger, retryBudgetFor: () => none });

    const failure = (await rejection(pool.get(`${server.origin}/a`))) as Error;
    const spent = `not tried again: the retry budget of ${server.origin} is spent`;
    expect(failure).toMatchObject({ code: 'ERR_POOL_REQUEST', retriesEndedBy: 'budget' });
    expect(failure.message).toMatch(/ECONNREFUSED/);
    expect(failure.message.endsWith(`; ${spent}`)).toBe(true);
    expect(failure.stack).toContain(failure.message);
    expect(lines).toEqual([`pool "api": GET ${server.origin}/a is ${spent}`]);
  });

  it('can be switched off', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ random: () => 0, retryBudgetFor: false, maxRetries: 30 });

    const response = await pool.get(server.url('/flaky?fail=30&key=a'));
    expect(response.attempts).toBe(31);
  });
});

describe('rateLimiterFor', () => {
  it('bounds each origin by itself, besides the limiter for all, and is asked once for each', async () => {
    await using server = await UpstreamServer.start({ origins: 2 });
    const limiters = new Map<string, CountingLimiter>();
    const rateLimiter = new CountingLimiter();
    await using pool = new HttpPool({
      rateLimiter,
      rateLimiterFor: (origin) => {
        const limiter = new CountingLimiter();
        limiters.set(origin, limiter);
        return limiter;
      },
    });
    for (const origin of [0, 0, 1]) await pool.get(`${server.origins[origin]}/echo`);

    expect([...limiters].map(([origin, { taken }]) => [origin, taken])).toEqual([
      [server.origins[0], 2],
      [server.origins[1], 1],
    ]);
    expect(rateLimiter.taken).toBe(3);
  });

  it('is paused by a 429 or 503 with Retry-After, and the limiter for all is not', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const limiter = new CountingLimiter();
    const rateLimiter = new CountingLimiter();
    await using pool = new HttpPool({ clock, rateLimiter, rateLimiterFor: () => limiter });
    const date = new Date(Math.ceil(clock.now() / 1_000) * 1_000 + 30_000);
    const options = { maxRetries: 0 };
    const get = (path: string): Promise<unknown> => rejection(pool.get(server.url(path), options));

    await get('/status/429?retry-after=7');
    await get(`/status/503?retry-after=${encodeURIComponent(date.toUTCString())}`);

    expect(limiter.pauses).toEqual([clock.now() + 7_000, date.getTime()]);
    expect(rateLimiter.pauses).toEqual([]);
  });
});

describe('attemptTimeoutMs', () => {
  it('ends an attempt, and another one may follow', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, attemptTimeoutMs: 200, random: () => 0 });
    const answer = pool.get(server.url('/hang?times=1&key=a'));
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(200);
    await until(() => pool.stats().retries === 1);
    await clock.advanceAsync(0);

    expect((await answer).attempts).toBe(2);
    const single = rejection(
      pool.get(server.url('/hang'), { attemptTimeoutMs: 100, maxRetries: 0 }),
    );
    await until(() => server.stats().requests === 3);
    await clock.advanceAsync(100);
    expect(await single).toMatchObject({ code: 'ERR_POOL_ATTEMPT_TIMEOUT', timeoutMs: 100 });
  });
});
