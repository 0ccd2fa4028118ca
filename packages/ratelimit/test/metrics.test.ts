import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { Semaphore, TokenBucket } from '../src/index.ts';
import { RecordingMeter } from './recording-meter.ts';

describe('A limiter with a meter', () => {
  it('measures calls, permits and waits of a TokenBucket under its name', async () => {
    const clock = new ManualClock();
    const meter = new RecordingMeter();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock, meter, name: 'api' });
    bucket.tryAcquire(5);
    bucket.tryAcquire();
    await bucket.acquire(1, { timeoutMs: 50 }).catch(() => {});
    const controller = new AbortController();
    const aborted = bucket.acquire(1, { signal: controller.signal }).catch(() => {});
    const waiting = bucket.acquire(2);
    expect(meter.values.get('rate_limiter_queued{api}')).toBe(2);
    await clock.advanceAsync(30);
    controller.abort();
    await aborted;
    await clock.advanceAsync(170);
    await waiting;

    expect(Object.fromEntries(meter.values)).toEqual({
      'rate_limiter_calls_total{api,granted}': 2,
      'rate_limiter_calls_total{api,refused}': 1,
      'rate_limiter_calls_total{api,timed_out}': 1,
      'rate_limiter_calls_total{api,aborted}': 1,
      'rate_limiter_permits_total{api}': 7,
      'rate_limiter_queued{api}': 0,
      'rate_limiter_wait{api,failure}': 30,
      'rate_limiter_wait{api,success}': 200,
    });
  });

  it('measures calls, waits and permits held of a Semaphore under its name', async () => {
    const clock = new ManualClock();
    const meter = new RecordingMeter();
    const semaphore = new Semaphore({ permits: 1, maxQueue: 1, clock, meter, name: 'db' });
    const held = await semaphore.acquire();
    semaphore.tryAcquire();
    const waiting = semaphore.run(() => 1);
    await semaphore.acquire().catch(() => {});
    expect(meter.values.get('concurrency_limiter_queued{db}')).toBe(1);
    expect(meter.values.get('concurrency_limiter_active{db}')).toBe(1);
    clock.advance(40);
    held.release();
    await waiting;

    expect(Object.fromEntries(meter.values)).toEqual({
      'concurrency_limiter_calls_total{db,granted}': 2,
      'concurrency_limiter_calls_total{db,refused}': 1,
      'concurrency_limiter_calls_total{db,queue_full}': 1,
      'concurrency_limiter_queued{db}': 0,
      'concurrency_limiter_wait{db,success}': 40,
      'concurrency_limiter_active{db}': 0,
    });
  });
});
