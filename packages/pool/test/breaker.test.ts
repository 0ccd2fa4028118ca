import type { CallOutcome, CircuitBreaker, CircuitState } from '@x/interfaces';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { FakeConcurrencyLimiter, FakeRateLimiter } from './fake-limiters.ts';
import { rejection, until } from './support.ts';

class FakeBreaker implements CircuitBreaker {
  state: CircuitState = 'closed';
  readonly outcomes: CallOutcome[] = [];
  readonly durationsMs: number[] = [];
  readonly sincePassMs: (number | undefined)[] = [];

  tryPass(): boolean {
    return this.state !== 'open';
  }

  record(outcome: CallOutcome, durationMs: number, sincePassMs?: number): void {
    this.outcomes.push(outcome);
    this.durationsMs.push(durationMs);
    this.sincePassMs.push(sincePassMs);
  }

  retryAfterMs(): number {
    return 699.3;
  }

  async run<T>(fn: () => T | Promise<T>): Promise<T> {
    return fn();
  }
}

describe('breakerFor', () => {
  it('hears of every attempt, and only of what speaks of the server', async () => {
    await using server = await UpstreamServer.start();
    const breaker = new FakeBreaker();
    await using pool = new HttpPool({ random: () => 0, breakerFor: () => breaker });
    const get = (path: string, signal?: AbortSignal): Promise<unknown> =>
      rejection(pool.get(server.url(path), { signal }));

    await pool.get(server.url('/flaky?fail=1&key=a'));
    await get('missing-a');
    await rejection(pool.post(server.url('/reset')));
    const controller = new AbortController();
    const aborted = get('/hang', controller.signal);
    await until(() => server.stats().requests === 5);
    controller.abort();
    await aborted;

    const expected = ['failure', 'success', 'success', 'failure', 'ignored'];
    expect(breaker.outcomes).toEqual(expected);
  });

  it('refuses without sending anything while it is open, and does not retry', async () => {
    await using server = await UpstreamServer.start();
    const breaker = new FakeBreaker();
    breaker.state = 'open';
    await using pool = new HttpPool({ breakerFor: () => breaker });

    expect(await rejection(pool.get(server.url('/echo')))).toMatchObject({
      code: 'ERR_POOL_CIRCUIT_OPEN',
      retryAfterMs: 700,
      attempts: 1,
      message: `GET ${server.url('/echo')}: the circuit breaker of the origin is open for 700 ms`,
    });
    expect(server.stats().requests).toBe(0);
    expect(breaker.outcomes).toEqual([]);
  });

  it('measures the attempt, without its waits for permits and for a connection', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const breaker = new FakeBreaker();
    const rateLimiter = new FakeRateLimiter(1);
    await using pool = new HttpPool({
      clock,
      rateLimiter,
      breakerFor: () => breaker,
      maxConnectionsPerOrigin: 1,
      headersTimeoutMs: 9_000,
      maxRetries: 0,
    });
    const hanging = rejection(pool.get(server.url('/hang')));
    const waiting = pool.get(server.url('/echo'));
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(5_000);
    rateLimiter.waiting[0]?.grant();
    await until(() => pool.stats().queued === 1);
    await clock.advanceAsync(4_000);
    await Promise.all([hanging, waiting]);

    expect(breaker.outcomes).toEqual(['failure', 'success']);
    expect(breaker.durationsMs).toEqual([9_000, 0]);
    expect(breaker.sincePassMs).toEqual([9_000, 4_000]);
  });

  it('hears nothing of the server from an attempt whose time went by in the queue', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const breaker = new FakeBreaker();
    const pool = new HttpPool({ clock, breakerFor: () => breaker, maxConnectionsPerOrigin: 1 });
    const hanging = rejection(pool.get(server.url('/hang')));
    await until(() => server.stats().requests === 1);
    const options = { attemptTimeoutMs: 200, maxRetries: 0 };
    const waiting = rejection(pool.get(server.url('/echo'), options));
    await until(() => pool.stats().queued === 1);
    await clock.advanceAsync(200);
    expect(await waiting).toMatchObject({ code: 'ERR_POOL_ATTEMPT_TIMEOUT' });
    expect(breaker.outcomes).toEqual(['ignored']);

    const closed = pool.close({ timeoutMs: 1 });
    await clock.advanceAsync(1);
    await Promise.all([closed, hanging]);
  });

  it('is asked once the permits are there, which are given back when it refuses', async () => {
    await using server = await UpstreamServer.start();
    const breaker = new FakeBreaker();
    const rateLimiter = new FakeRateLimiter(0);
    const concurrencyLimiter = new FakeConcurrencyLimiter(1);
    await using pool = new HttpPool({
      rateLimiter,
      concurrencyLimiter,
      breakerFor: () => breaker,
    });
    const waiting = rejection(pool.get(server.url('/echo')));
    await until(() => rateLimiter.waiting.length === 1);
    breaker.state = 'open';
    rateLimiter.waiting[0]?.grant();

    expect(await waiting).toMatchObject({ code: 'ERR_POOL_CIRCUIT_OPEN' });
    expect(server.stats().requests).toBe(0);
    expect(concurrencyLimiter).toMatchObject({ taken: 1, active: 0 });
    expect(breaker.outcomes).toEqual([]);
  });

  it('that is open takes no permits, and makes nobody wait for them', async () => {
    const breaker = new FakeBreaker();
    breaker.state = 'open';
    const rateLimiter = new FakeRateLimiter(1);
    await using pool = new HttpPool({ rateLimiter, breakerFor: () => breaker });

    await rejection(pool.get('http://127.0.0.1:9/'));
    expect(rateLimiter.taken).toEqual([]);
  });
});
