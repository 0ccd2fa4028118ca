import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { FakeConcurrencyLimiter, FakeRateLimiter } from './fake-limiters.ts';
import { rejection, serveTcp, until } from './support.ts';

describe('the rate limiter of HttpPool', () => {
  it('is asked before each attempt, and for as many permits as the request says', async () => {
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(100);
    await using pool = new HttpPool({ rateLimiter, random: () => 0 });

    await pool.get(server.url('/flaky?fail=2&key=a'), { permits: 3 });
    expect(rateLimiter.taken).toEqual([3, 3, 3]);
    await pool.get(server.url('/redirect?to=/echo'));
    expect(rateLimiter.taken.slice(3)).toEqual([1, 1]);
    await pool.extend({ permits: 7 }).get(server.url('/echo'));
    await pool.extend({ permits: 2 }).fetch(server.url('/echo'));
    await pool.get(server.url('/echo'), { permits: 0 });
    expect(rateLimiter.taken.slice(5)).toEqual([7, 2]);
  });

  it('is asked again for a free replay, which is a request like another', async () => {
    const served = new WeakSet<object>();
    await using server = await serveTcp((socket) => {
      if (served.has(socket)) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      served.add(socket);
    });
    const rateLimiter = new FakeRateLimiter(100);
    await using pool = new HttpPool({ rateLimiter });
    await pool.get(server.origin);
    await pool.get(server.origin);

    expect(pool.stats().replays).toBe(1);
    expect(rateLimiter.taken).toEqual([1, 1, 1]);
  });

  it('makes requests wait, and the wait is counted', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    await using pool = new HttpPool({ rateLimiter, clock });
    const pending = pool.get(server.url('/echo'));
    await clock.advanceAsync(300);
    expect(server.stats().requests).toBe(0);

    rateLimiter.waiting[0]?.grant();
    expect((await pending).timings.waitMs).toBe(300);
    expect(pool.stats().limiterWaitMs).toBe(300);
  });

  it('is left when the request is aborted, or when the pool closes', async () => {
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    const pool = new HttpPool({ rateLimiter });
    const controller = new AbortController();
    const aborted = rejection(pool.get(server.url('/echo'), { signal: controller.signal }));
    const closed = rejection(pool.get(server.url('/echo')));
    await until(() => rateLimiter.waiting.length === 2);

    controller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    await pool.close();
    expect(await closed).toMatchObject({ code: 'ERR_CLOSED', attempts: 1 });
    expect(server.stats().requests).toBe(0);
  });

  it('is not waited for when that cannot end before the deadline', async () => {
    const rateLimiter = new FakeRateLimiter(0);
    await using pool = new HttpPool({ rateLimiter, clock: new ManualClock() });

    expect(await rejection(pool.get('http://127.0.0.1:9/', { totalTimeoutMs: 999 }))).toMatchObject(
      {
        code: 'ERR_POOL_TOTAL_TIMEOUT',
        timeoutMs: 999,
        cause: { code: 'ERR_RATE_LIMIT_TIMEOUT' },
      },
    );
  });

  it.each([429, 503])('is paused when a server answers %s with Retry-After', async (status) => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(100);
    await using pool = new HttpPool({ rateLimiter, clock, maxRetries: 0, maxRetryAfterMs: 60_000 });

    await rejection(pool.get(server.url(`/status/${status}?retry-after=5`)));
    await rejection(pool.post(server.url(`/status/${status}?retry-after=86400`)));
    await rejection(pool.get(server.url(`/status/${status}`)));
    await rejection(pool.get(server.url('/status/500?retry-after=5')));

    expect(rateLimiter.pauses).toEqual([clock.now() + 5_000, clock.now() + 60_000]);
  });
});

describe('the concurrency limiter of HttpPool', () => {
  it('bounds the attempts under way and gets every permit back', async () => {
    await using server = await UpstreamServer.start();
    const concurrencyLimiter = new FakeConcurrencyLimiter(3);
    await using pool = new HttpPool({ concurrencyLimiter, random: () => 0 });

    await Promise.allSettled([
      ...Array.from({ length: 20 }, () => pool.get(server.url('/slow?ms=1'))),
      pool.get(server.url('/flaky?fail=2&key=a')),
      pool.get(server.url('/reset')),
      pool.get(server.url('missing-a')),
      pool.get('http://127.0.0.1:1/', { maxRetries: 0 }),
      pool.fetch(server.url('/echo')),
    ]);

    expect(concurrencyLimiter.most).toBe(3);
    expect(concurrencyLimiter.active).toBe(0);
    expect(concurrencyLimiter.taken).toBe(pool.stats().attempts);
    expect(server.stats().maxConcurrent).toBeLessThanOrEqual(3);
  });

  it('keeps the permit of a streamed body until it is read', async () => {
    await using server = await UpstreamServer.start();
    const concurrencyLimiter = new FakeConcurrencyLimiter(3);
    await using pool = new HttpPool({ concurrencyLimiter });
    const response = await pool.get(server.url('/large?bytes=3000000'), { stream: true });

    expect(concurrencyLimiter.active).toBe(1);
    await response.bytes();
    await until(() => concurrencyLimiter.active === 0);
  });

  it('is not held while the request waits for the rate', async () => {
    await using server = await UpstreamServer.start();
    const rateLimiter = new FakeRateLimiter(0);
    const concurrencyLimiter = new FakeConcurrencyLimiter(1);
    await using pool = new HttpPool({ rateLimiter, concurrencyLimiter });
    const pending = pool.get(server.url('/echo'));
    await until(() => rateLimiter.waiting.length === 1);

    expect(concurrencyLimiter.active).toBe(0);
    rateLimiter.waiting[0]?.grant();
    await pending;
    expect(concurrencyLimiter.taken).toBe(1);
  });
});
