import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { AdaptiveRate, TokenBucket } from '../src/index.ts';

describe('AdaptiveRate', () => {
  const create = (options: object = {}): { clock: ManualClock; rate: AdaptiveRate } => {
    const clock = new ManualClock();
    const limiter = new TokenBucket({ permitsPerSecond: 100, burst: 1, clock });
    return { clock, rate: new AdaptiveRate({ limiter, clock, ...options }) };
  };

  it('halves the rate on a throttled answer, once for all that were under way', () => {
    const { clock, rate } = create();

    rate.recordStatus(429);
    rate.recordStatus(503);
    expect(rate.permitsPerSecond).toBe(50);
    clock.advance(1_000);
    rate.recordThrottled();
    expect(rate.permitsPerSecond).toBe(25);
  });

  it('raises it slowly with successes, up to the highest rate, and not by idleness', () => {
    const { clock, rate } = create({ increasePerSecond: 10 });
    rate.recordThrottled();
    clock.advance(60_000);
    rate.recordStatus(200);
    expect(rate.permitsPerSecond).toBe(60);

    for (let count = 0; count < 100; count++) {
      clock.advance(10);
      rate.recordStatus(404);
    }
    expect(rate.permitsPerSecond).toBeCloseTo(70);
    for (let count = 0; count < 1_000; count++) {
      clock.advance(100);
      rate.recordSuccess();
    }
    expect(rate.permitsPerSecond).toBe(100);
  });

  it('never falls below the lowest rate, and takes other errors for nothing', () => {
    const { clock, rate } = create({ minPermitsPerSecond: 20 });
    rate.recordStatus(500);
    expect(rate.permitsPerSecond).toBe(100);
    for (let count = 0; count < 10; count++) {
      clock.advance(1_000);
      rate.recordThrottled();
    }
    expect(rate.permitsPerSecond).toBe(20);
  });

  it('finds the rate of a server that accepts 40 per second', async () => {
    const clock = new ManualClock();
    const limiter = new TokenBucket({ permitsPerSecond: 100, burst: 1, clock });
    const server = new TokenBucket({ permitsPerSecond: 40, burst: 10, clock });
    const rate = new AdaptiveRate({ limiter, clock });
    let [accepted, refused] = [0, 0];
    const client = async (): Promise<void> => {
      while (clock.monotonic() < 60_000) {
        await limiter.acquire();
        if (server.tryAcquire()) {
          accepted++;
          rate.recordStatus(200);
        } else {
          refused++;
          rate.recordStatus(429);
        }
      }
    };
    const running = Promise.all(Array.from({ length: 4 }, client));
    await clock.advanceAsync(61_000);
    await running;

    expect(accepted / 60).toBeGreaterThan(28);
    expect(refused).toBeLessThan(accepted / 10);
  });

  it.each([{ decreaseFactor: 1 }, { increasePerSecond: 0 }, { minPermitsPerSecond: 200 }])(
    'refuses %s',
    (options) => {
      expect(() => create(options)).toThrow(RangeError);
    },
  );
});
