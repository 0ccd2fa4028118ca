import { AsyncLocalStorage } from 'node:async_hooks';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Semaphore, type SemaphoreAcquireOptions } from '../src/index.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore with weights', () => {
  it('holds as many permits as a caller asks for', async () => {
    const semaphore = new Semaphore({ permits: 5 });
    const heavy = await semaphore.acquire({ permits: 3 });
    expect(semaphore).toMatchObject({ active: 3, available: 2 });
    expect(semaphore.tryAcquire(3)).toBeUndefined();
    const light = semaphore.tryAcquire(2);
    expect(semaphore.available).toBe(0);

    heavy.release();
    heavy.release();
    light?.release();
    expect(semaphore.available).toBe(5);
  });

  it('holds light callers back behind a heavy one', async () => {
    const semaphore = new Semaphore({ permits: 3 });
    const held = [await semaphore.acquire(), await semaphore.acquire(), await semaphore.acquire()];
    const order: string[] = [];
    const heavy = semaphore.run(() => order.push('heavy'), { permits: 2 });
    const light = semaphore.run(() => order.push('light'));

    held[0]?.release();
    await settle();
    expect(order).toEqual([]);
    held[1]?.release();
    await Promise.all([heavy, light]);
    expect(order).toEqual(['heavy', 'light']);
    expect(semaphore.active).toBe(1);
  });

  it('serves the light ones when the heavy one gives up', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 2, clock });
    await semaphore.acquire();
    const heavy = semaphore.acquire({ permits: 2, timeoutMs: 100 });
    const rejected = expect(heavy).rejects.toMatchObject({ code: 'ERR_CONCURRENCY_TIMEOUT' });
    const light = semaphore.acquire();

    await clock.advanceAsync(100);
    await rejected;
    expect(await light).toBeDefined();
  });

  it('gives all of them back when what runs throws', async () => {
    const semaphore = new Semaphore({ permits: 3 });
    const error = new Error('no');
    const run = (): Promise<never> =>
      semaphore.run(
        () => {
          throw error;
        },
        { permits: 3 },
      );

    await expect(run()).rejects.toBe(error);
    expect(semaphore.available).toBe(3);
  });

  it.each([0, 4, 1.5, NaN])('refuses %s of 3 permits', async (permits) => {
    const semaphore = new Semaphore({ permits: 3 });

    await expect(semaphore.acquire({ permits })).rejects.toThrow(RangeError);
    await expect(semaphore.run(() => 1, { permits })).rejects.toThrow(RangeError);
    expect(() => semaphore.tryAcquire(permits)).toThrow(RangeError);
  });
});

describe('Semaphore with an order', () => {
  const order = async (
    options: object,
    priorities: readonly (number | undefined)[],
  ): Promise<unknown[]> => {
    const semaphore = new Semaphore({ permits: 1, ...options });
    const held = await semaphore.acquire();
    const served: unknown[] = [];
    const runs = priorities.map((priority, index) =>
      semaphore
        .run(() => served.push(index), priority === undefined ? undefined : { priority })
        .catch((error: { code: string }) => served.push(`${index}: ${error.code}`)),
    );
    await settle();
    held.release();
    await Promise.all(runs);
    return served;
  };

  it('serves higher priorities first', async () => {
    expect(await order({}, [undefined, 1, -1, 1, 0])).toEqual([1, 3, 0, 4, 2]);
  });

  it('serves the newest first when asked to', async () => {
    expect(await order({ order: 'lifo' }, [0, undefined, 1, undefined])).toEqual([2, 3, 1, 0]);
    expect(() => new Semaphore({ permits: 1, order: 'random' as never })).toThrow(TypeError);
  });

  it('makes room in a full queue as asked', async () => {
    const full = 'ERR_CONCURRENCY_QUEUE_FULL';
    const some = [undefined, undefined, 1];
    expect(await order({ maxQueue: 2 }, some)).toEqual([`2: ${full}`, 0, 1]);
    expect(await order({ maxQueue: 2, whenFull: 'drop-oldest' }, some)).toEqual([
      `0: ${full}`,
      2,
      1,
    ]);
    expect(await order({ maxQueue: 2, whenFull: 'drop-lowest-priority' }, some)).toEqual([
      `1: ${full}`,
      2,
      0,
    ]);
  });
});

describe('Semaphore that drops a heavy caller', () => {
  it('serves at once whom that one has held back', async () => {
    const semaphore = new Semaphore({ permits: 3, maxQueue: 1, whenFull: 'drop-oldest' });
    await semaphore.acquire();
    const heavy = semaphore.acquire({ permits: 3 });
    const rejected = expect(heavy).rejects.toMatchObject({ code: 'ERR_CONCURRENCY_QUEUE_FULL' });

    expect(await semaphore.run(() => 'light')).toBe('light');
    await rejected;
    expect(semaphore.available).toBe(2);
  });
});

describe('Semaphore.resize', () => {
  it('serves those who wait when there are more, and none until there are fewer held', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    const held = [await semaphore.acquire()];
    const waits = [semaphore.acquire(), semaphore.acquire(), semaphore.acquire()];

    semaphore.resize(3);
    held.push(...(await Promise.all(waits.slice(0, 2))));
    expect(semaphore).toMatchObject({ active: 3, queued: 1, permits: 3 });
    semaphore.resize(1);
    held[0]?.release();
    held[1]?.release();
    await settle();
    expect(semaphore).toMatchObject({ active: 1, queued: 1, available: 0 });
    held[2]?.release();
    expect(await waits[2]).toBeDefined();
  });

  it('rejects who waits for more than there are now', async () => {
    const semaphore = new Semaphore({ permits: 3 });
    await semaphore.acquire();
    const heavy = semaphore.acquire({ permits: 3 });
    const light = semaphore.acquire();

    semaphore.resize(2);

    await expect(heavy).rejects.toThrow(RangeError);
    expect(await light).toBeDefined();
    expect(() => semaphore.resize(0)).toThrow(RangeError);
  });
});

describe('Semaphore.pause', () => {
  it('lets nobody begin until it is resumed', async () => {
    const semaphore = new Semaphore({ permits: 2 });
    const held = await semaphore.acquire();
    semaphore.pause();
    expect(semaphore.available).toBe(0);
    expect(semaphore.tryAcquire()).toBeUndefined();
    const runs = [semaphore.run(() => 1), semaphore.run(() => 2)];
    held.release();
    await settle();
    expect(semaphore).toMatchObject({ active: 0, queued: 2 });

    semaphore.resume();
    expect(await Promise.all(runs)).toEqual([1, 2]);
  });
});

describe('Semaphore.onIdle and drain', () => {
  it('resolves when nothing is held and nobody waits', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    await semaphore.onIdle();
    const held = await semaphore.acquire();
    const next = semaphore.acquire();
    let idle = false;
    const waiting = semaphore.onIdle().then(() => (idle = true));

    held.release();
    const last = await next;
    await settle();
    expect(idle).toBe(false);
    last.release();
    await waiting;
    expect(idle).toBe(true);
  });

  it('lets accepted work finish and refuses more', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    const results: number[] = [];
    const work = async (index: number): Promise<void> => {
      await settle();
      results.push(index);
    };
    void semaphore.run(() => work(1));
    void semaphore.run(() => work(2));

    const drained = semaphore.drain();

    await expect(semaphore.run(() => work(3))).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await drained;
    expect(results).toEqual([1, 2]);
    expect(semaphore).toMatchObject({ active: 0, available: 0 });
  });

  it('ends a pause, and settles when the limiter is closed', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    semaphore.pause();
    const run = semaphore.run(() => 'done');
    await semaphore.drain();
    expect(await run).toBe('done');

    const other = new Semaphore({ permits: 1 });
    other.pause();
    const lost = other.run(() => 1);
    const idle = other.onIdle();
    other.close();
    await expect(lost).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await idle;
  });
});

describe('Semaphore.run', () => {
  it('runs a function that has a then of its own', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    const held = await semaphore.acquire();
    // oxlint-disable-next-line unicorn/no-thenable
    const odd = Object.assign(() => 'run', { then: () => {} });
    const result = semaphore.run(odd);

    held.release();

    expect(await result).toBe('run');
  });

  it('keeps the context of the caller with every kind of wait', async () => {
    const storage = new AsyncLocalStorage<string>();
    const semaphore = new Semaphore({ permits: 2 });
    const held = await semaphore.acquire({ permits: 2 });
    const { signal } = new AbortController();
    const ways: (SemaphoreAcquireOptions | undefined)[] = [
      undefined,
      { signal },
      { permits: 2 },
      { priority: 3, timeoutMs: 1_000 },
    ];
    const seen = ways.map((options, index) =>
      storage.run(`caller ${index}`, () =>
        semaphore.run(async () => {
          await settle();
          return storage.getStore();
        }, options),
      ),
    );

    storage.run('releaser', () => held.release());

    expect(await Promise.all(seen)).toEqual(['caller 0', 'caller 1', 'caller 2', 'caller 3']);
  });
});

describe('Semaphore, for any mix of calls', () => {
  it('never rejects who was accepted, never exceeds its permits, and loses none', async () => {
    const calls = fc.array(
      fc.record({
        permits: fc.integer({ min: 1, max: 3 }),
        priority: fc.integer({ min: 0, max: 2 }),
        turns: fc.nat(3),
        fails: fc.boolean(),
        plain: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    const permits = fc.integer({ min: 3, max: 5 });
    const orders = fc.constantFrom<'fifo' | 'lifo'>('fifo', 'lifo');
    await fc.assert(
      fc.asyncProperty(permits, orders, fc.nat(10), calls, async (count, order, maxQueue, all) => {
        const semaphore = new Semaphore({ permits: count, order, maxQueue });
        let [held, most, accepted] = [0, 0, 0];
        const runs = all.map((call) => {
          const weight = call.plain ? 1 : call.permits;
          const fits = semaphore.available >= weight && semaphore.queued === 0;
          if (fits || semaphore.queued < maxQueue) accepted++;
          const work = async (): Promise<string> => {
            held += weight;
            most = Math.max(most, held);
            for (let turn = 0; turn < call.turns; turn++) await settle();
            held -= weight;
            if (call.fails) throw new Error('failed');
            return 'done';
          };
          return semaphore
            .run(work, call.plain ? undefined : { permits: weight, priority: call.priority })
            .catch((error: Error & { code?: string }) => error.code ?? error.message);
        });
        const results = await Promise.all(runs);

        expect(most).toBeLessThanOrEqual(count);
        const done = results.filter((result) => result === 'done' || result === 'failed');
        expect(done).toHaveLength(accepted);
        await semaphore.onIdle();
        expect(semaphore).toMatchObject({ active: 0, queued: 0, available: count });
      }),
      { numRuns: 100 },
    );
  });
});
