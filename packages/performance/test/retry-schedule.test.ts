import type { Clock } from '@x/interfaces';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { HttpPool, retried, TokenRetryBudget } from '@x/performance';
import { describe, expect, it } from 'vitest';

/** Fires pauses at once and writes them down; timeouts, of 30 seconds, and idle timers never fire. */
class SkippingClock extends ManualClock {
  readonly pausesMs: number[] = [];

  override schedule(...[task, delayMs, options]: Parameters<Clock['schedule']>): Disposable {
    const isPause = delayMs < 30_000 && options?.background !== true;
    if (!isPause) return super.schedule(task, delayMs, options);
    this.pausesMs.push(delayMs);
    const immediate = setImmediate(task);
    return { [Symbol.dispose]: () => clearImmediate(immediate) };
  }
}

describe('the pauses before retries', () => {
  it.each([
    {},
    { backoffMs: 40, maxBackoffMs: 100 },
    { jitterRatio: 0 },
    { jitterRatio: 0.25, backoffMs: 1_000 },
  ])('are the same of a pool and of retried for %j', async (options) => {
    await using server = await UpstreamServer.start();
    const settings = (): { clock: SkippingClock; random: () => number; maxRetries: number } => {
      let drawn = 0;
      return {
        ...options,
        clock: new SkippingClock(),
        random: () => (drawn++ * 0.37) % 1,
        maxRetries: 5,
      };
    };

    const ofPool = settings();
    await using pool = new HttpPool(ofPool);
    await expect(pool.get(server.url('/status/500'))).rejects.toThrow('500');
    const ofRetried = settings();
    const fail = retried(ofRetried)(() => Promise.reject(new Error('no')));
    await expect(fail()).rejects.toThrow('no');

    expect(ofRetried.clock.pausesMs).toHaveLength(5);
    expect(ofPool.clock.pausesMs).toEqual(ofRetried.clock.pausesMs);
  });

  it('are bounded by the same budget unless told otherwise', async () => {
    await using server = await UpstreamServer.start();
    const retriesWith = async (options: object): Promise<number> => {
      const clock = new SkippingClock();
      await using pool = new HttpPool({ ...options, clock, maxRetries: 3 });
      for (let call = 0; call < 50; call++) {
        await pool.get(server.url('/status/503'), { throwOnStatus: false });
      }
      return pool.stats().retries;
    };
    const budget = new TokenRetryBudget({ clock: new ManualClock() });

    expect(await retriesWith({})).toBe(await retriesWith({ retryBudgetFor: () => budget }));
  });
});
