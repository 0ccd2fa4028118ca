import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { FakeRateLimiter } from './fake-limiters.ts';
import { rejection, until } from './support.ts';

describe('hedge', () => {
  const delayMs = 50;

  it('sends a GET again that waits for too long, takes the first answer, aborts the other', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, hedge: { delayMs } });
    const answer = pool.get(server.url('/hang?times=1&key=a'));
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(49);
    expect(pool.stats().hedges).toBe(0);
    await clock.advanceAsync(1);

    expect(await answer).toMatchObject({ status: 200, attempts: 1 });
    expect(pool.stats()).toMatchObject({ requests: 1, attempts: 2, hedges: 1, hedgesWon: 1 });
    await until(() => pool.stats().connectionsOpen === 1);
    expect(clock.pending.foreground).toBe(0);
  });

  it('sends nothing twice that is answered in time, that is no GET, or beyond the budget', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const none = { deposit: () => {}, tryWithdraw: () => false, balance: 0 };
    const pool = new HttpPool({ clock, hedge: { delayMs }, retryBudgetFor: () => none });
    await pool.get(server.url('/echo'));
    const hanging = [pool.get(server.url('/hang')), pool.post(server.url('/hang'))].map(rejection);
    await until(() => server.stats().requests === 3);
    await clock.advanceAsync(1_000);

    expect(pool.stats()).toMatchObject({ attempts: 3, hedges: 0 });
    const closed = pool.close({ timeoutMs: 1 });
    await clock.advanceAsync(1);
    await Promise.all([closed, ...hanging]);
  });

  it('ends with the call, and fails as the last of both does', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({
      clock,
      hedge: { delayMs },
      readTimeoutMs: 100,
      maxRetries: 0,
    });
    const failing = rejection(pool.get(server.url('/hang')));
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(50);
    await until(() => server.stats().requests === 2);
    await clock.advanceAsync(100);
    expect(await failing).toMatchObject({ code: 'ERR_POOL_HEADERS_TIMEOUT' });

    const controller = new AbortController();
    const aborted = rejection(pool.get(server.url('/hang'), { signal: controller.signal }));
    await until(() => server.stats().requests === 3);
    await clock.advanceAsync(50);
    await until(() => server.stats().requests === 4);
    controller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    await until(() => pool.stats().connectionsOpen === 0);
  });

  it('learns from the latest answers how long is too long', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, hedge: true, random: () => 0 });
    const slow = pool.get(server.url('/hang?times=1&key=a'), { attemptTimeoutMs: 500 });
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(400);
    expect(pool.stats().hedges).toBe(0);
    await clock.advanceAsync(100);
    await until(() => pool.stats().retries === 1);
    await clock.advanceAsync(0);
    await slow;
    for (let i = 0; i < 40; i++) await pool.get(server.url('/echo'));

    const hedged = pool.get(server.url('/hang?times=1&key=b'));
    await until(() => server.stats().requests === 43);
    await clock.advanceAsync(20);
    await hedged;
    expect(pool.stats().hedgesWon).toBe(1);
  });

  it('sends nothing twice that still waits for a permit or for a connection', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    const pool = new HttpPool({
      clock,
      rateLimiter,
      hedge: { delayMs },
      maxConnectionsPerOrigin: 1,
    });
    const calls = [1, 2].map(() => rejection(pool.get(server.url('/hang'))));
    await until(() => rateLimiter.waiting.length === 2);
    await clock.advanceAsync(1_000);
    expect(rateLimiter.waiting).toHaveLength(2);

    for (const { grant } of rateLimiter.waiting) grant();
    await until(() => server.stats().requests === 1);
    expect(pool.stats().hedges).toBe(0);
    rateLimiter.available = 10;
    await clock.advanceAsync(1_000);
    expect(pool.stats().hedges).toBe(1);
    const closed = pool.close({ timeoutMs: 1 });
    await clock.advanceAsync(1);
    await Promise.all([closed, ...calls]);
  });

  it('learns nothing from how long permits took', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    await using pool = new HttpPool({ clock, rateLimiter, hedge: true });
    const calls = Array.from({ length: 40 }, () => pool.get(server.url('/echo')));
    await until(() => rateLimiter.waiting.length === 40);
    await clock.advanceAsync(10_000);
    for (const { grant } of rateLimiter.waiting) grant();
    await Promise.all(calls);

    rateLimiter.available = 10;
    const hedged = pool.get(server.url('/hang?times=1&key=a'));
    await until(() => server.stats().requests === 41);
    await clock.advanceAsync(20);
    await hedged;
    expect(pool.stats().hedgesWon).toBe(1);
  });

  it('does not learn from second answers that first ones are quick', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, hedge: true, retryBudgetFor: false });
    for (let i = 0; i < 20; i++) await pool.get(server.url('/echo'));
    for (let i = 0; i < 16; i++) {
      const hedged = pool.get(server.url(`/hang?times=1&key=${i}`));
      await until(() => server.stats().requests === 21 + 2 * i);
      await clock.advanceAsync(30);
      await hedged;
    }
    expect(pool.stats().hedgesWon).toBe(16);

    const patient = pool.get(server.url('/hang?times=1&key=last'));
    await until(() => server.stats().requests === 53);
    await clock.advanceAsync(29);
    expect(pool.stats().hedges).toBe(16);
    await clock.advanceAsync(1);
    await patient;
  });

  it('is refused when the pool closes while it waits for a permit', async () => {
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    const pool = new HttpPool({ rateLimiter, hedge: { delayMs }, clock: new ManualClock() });
    const waiting = rejection(pool.get(server.url('/echo')));
    await until(() => rateLimiter.waiting.length === 1);

    await pool.close();
    expect(await waiting).toMatchObject({ code: 'ERR_CLOSED', attempts: 1 });
  });

  it('lets the first request finish when the pool closes while the second waits', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(1);
    const pool = new HttpPool({ rateLimiter, hedge: { delayMs }, clock });
    const answer = pool.get(server.url('/slow?ms=20')).text();
    await until(() => server.stats().requests === 1);
    await clock.advanceAsync(delayMs);
    expect(rateLimiter.waiting).toHaveLength(1);

    await pool.close();
    expect(await answer).toBe('200\n');
  });
});
