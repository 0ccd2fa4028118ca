import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { AdaptiveSemaphore, Semaphore } from '../src/index.ts';

/** Servers that each take `serviceMs`, with a queue before them: too many at once make all of them slow. */
class Backend {
  readonly clock: ManualClock;
  readonly servers: Semaphore;

  constructor(clock: ManualClock, servers: number) {
    this.clock = clock;
    this.servers = new Semaphore({ permits: servers, clock });
  }

  readonly call = (): Promise<void> =>
    this.servers.run(() => new Promise<void>((resolve) => this.clock.schedule(resolve, 10)));
}

/** Keeps `callers` calls under way for `ms`. */
async function load(
  semaphore: AdaptiveSemaphore,
  backend: Backend,
  callers: number,
  ms: number,
): Promise<number> {
  const { clock } = backend;
  const until = clock.monotonic() + ms;
  let quick = 0;
  const caller = async (): Promise<void> => {
    while (clock.monotonic() < until) {
      await semaphore.run(async () => {
        const startedAt = clock.monotonic();
        await backend.call();
        if (clock.monotonic() - startedAt <= 25) quick++;
      });
    }
  };
  const running = Promise.all(Array.from({ length: callers }, caller));
  await clock.advanceAsync(ms + 1_000);
  await running;
  return quick;
}

describe('AdaptiveSemaphore', () => {
  const create = (options: object = {}): { semaphore: AdaptiveSemaphore; clock: ManualClock } => {
    const clock = new ManualClock();
    return { clock, semaphore: new AdaptiveSemaphore({ targetMs: 25, clock, ...options }) };
  };

  it('finds about as many as the backend can run in time, and follows when that halves', async () => {
    const { semaphore, clock } = create();
    const backend = new Backend(clock, 20);

    const quick = await load(semaphore, backend, 200, 5_000);
    expect(semaphore.permits).toBeGreaterThanOrEqual(20);
    expect(semaphore.permits).toBeLessThanOrEqual(61);
    // 20 servers of 10 ms do 2,000 calls a second.
    expect(quick).toBeGreaterThan(7_500);

    backend.servers.resize(10);
    await load(semaphore, backend, 200, 2_000);
    const quickAtHalf = await load(semaphore, backend, 200, 5_000);
    expect(semaphore.permits).toBeLessThanOrEqual(31);
    expect(quickAtHalf).toBeGreaterThan(3_750);
  });

  it('does not grow while little of it is used', async () => {
    const { semaphore, clock } = create({ initialPermits: 50 });

    await load(semaphore, new Backend(clock, 20), 5, 2_000);

    expect(semaphore.permits).toBe(50);
  });

  it('shrinks when runs fail, but not for errors that say nothing about load', async () => {
    const fail = async (semaphore: AdaptiveSemaphore, error: Error): Promise<void> => {
      for (let count = 0; count < 200; count++) {
        await expect(semaphore.run(() => Promise.reject(error))).rejects.toBe(error);
      }
    };
    const isOverload = (error: unknown): boolean => (error as Error).message === 'busy';
    const { semaphore } = create({ isOverload, minPermits: 2 });
    await fail(semaphore, new Error('not found'));
    expect(semaphore.permits).toBe(10);

    await fail(semaphore, new Error('busy'));
    expect(semaphore.permits).toBe(2);
  });

  it('measures how long permits are held', async () => {
    const { semaphore, clock } = create({ initialPermits: 1, minPermits: 1 });
    const quick = await semaphore.acquire();
    clock.advance(10);
    quick.release();
    quick.release();
    expect(semaphore.permits).toBe(2);

    const slow = [semaphore.tryAcquire(), semaphore.tryAcquire()];
    clock.advance(100);
    for (const permit of slow) permit?.release();
    expect(semaphore.permits).toBe(1);
    expect(semaphore.active).toBe(0);
    await semaphore.onIdle();
    semaphore.close();
    await expect(semaphore.run(() => 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });

  it.each([
    { targetMs: 0 },
    { decreaseFactor: 1 },
    { toleranceRatio: 1 },
    { minPermits: 5, maxPermits: 4 },
    { initialPermits: 2, minPermits: 3 },
  ])('refuses %s', (options) => {
    expect(() => create(options)).toThrow(RangeError);
  });

  it('wants a target', () => {
    expect(() => create({ targetMs: undefined })).toThrow(
      new TypeError('targetMs must be a number above 0, got undefined'),
    );
  });
});
