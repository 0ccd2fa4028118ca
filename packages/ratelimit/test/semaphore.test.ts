import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import type { Permit } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ConcurrencyTimeoutError, ConcurrencyQueueFullError, Semaphore } from '../src/index.ts';

describe('new Semaphore', () => {
  it.each([0, -1, 1.5, NaN, Infinity])('refuses %s permits', (permits) => {
    expect(() => new Semaphore({ permits })).toThrow(RangeError);
  });

  it('refuses permits that are missing or no number', () => {
    expect(() => new Semaphore({} as never)).toThrow(
      new TypeError('permits must be a whole number of at least 1, got undefined'),
    );
  });

  it.each([-1, 0.5, NaN])('refuses a queue of %s', (maxQueue) => {
    expect(() => new Semaphore({ permits: 1, maxQueue })).toThrow(RangeError);
  });
});

describe('Semaphore.acquire', () => {
  it('is given back at the end of a using block', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    {
      using permit = await semaphore.acquire();
      expect(permit).toBeDefined();
      expect(semaphore.active).toBe(1);
    }
    expect(semaphore.active).toBe(0);
  });

  it('fails with its own error when the timeout passes', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, clock, name: 'db' });
    const held = await semaphore.acquire();
    const late = semaphore.acquire({ timeoutMs: 50 }).catch((error: unknown) => error);

    await clock.advanceAsync(49);
    expect(semaphore.queued).toBe(1);
    await clock.advanceAsync(1);

    expect(await late).toBeInstanceOf(ConcurrencyTimeoutError);
    expect(await late).toMatchObject({
      code: 'ERR_CONCURRENCY_TIMEOUT',
      limiter: 'db',
      timeoutMs: 50,
      message: 'limiter "db" had no permit free within 50 ms',
    });
    held.release();
    expect(semaphore.available).toBe(1);
  });

  it('fails at once with a timeout of 0, or takes what is free', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, clock });

    await semaphore.acquire({ timeoutMs: 0 });
    await expect(semaphore.acquire({ timeoutMs: 0 })).rejects.toMatchObject({
      code: 'ERR_CONCURRENCY_TIMEOUT',
    });
    expect(clock.pending.foreground).toBe(0);
  });

  it('refuses a timeout below 0 even when a permit is free', async () => {
    const semaphore = new Semaphore({ permits: 1 });

    await expect(semaphore.acquire({ timeoutMs: -1 })).rejects.toThrow(RangeError);
    expect(semaphore.active).toBe(0);
  });

  it('cancels its timer and its listener when the permit comes first', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, clock });
    const { signal } = new AbortController();
    const held = await semaphore.acquire();
    const waiting = semaphore.acquire({ timeoutMs: 1_000, signal });
    expect(clock.pending.foreground).toBe(1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);

    held.release();
    await waiting;

    expect(clock.pending.foreground).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('refuses at once when the queue is full', async () => {
    const semaphore = new Semaphore({ permits: 1, maxQueue: 1, name: 'db' });
    const held = await semaphore.acquire();
    const waiting = semaphore.acquire();

    const refused = await semaphore.acquire().catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ConcurrencyQueueFullError);
    expect(refused).toMatchObject({
      code: 'ERR_CONCURRENCY_QUEUE_FULL',
      limiter: 'db',
      maxQueue: 1,
      message: 'limiter "db" has no permit free and its queue of 1 is full',
    });
    held.release();
    expect(await waiting).toBeDefined();
  });

  it('lets nobody wait with a queue of 0', async () => {
    const semaphore = new Semaphore({ permits: 1, maxQueue: 0 });
    await semaphore.acquire();

    await expect(semaphore.run(() => 1)).rejects.toMatchObject({
      code: 'ERR_CONCURRENCY_QUEUE_FULL',
    });
  });
});

describe('Semaphore.run', () => {
  it('starts at once when a permit is free', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    let started = false;

    const done = semaphore.run(() => {
      started = true;
      return 'answer';
    });

    expect(started).toBe(true);
    expect(await done).toBe('answer');
    expect(semaphore.active).toBe(0);
  });

  it('does not start work whose signal aborts after the hand-over', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    const held = await semaphore.acquire();
    const controller = new AbortController();
    const work = vi.fn();
    const waiting = semaphore.run(work, { signal: controller.signal });

    held.release();
    controller.abort();

    await expect(waiting).rejects.toBe(controller.signal.reason);
    expect(work).not.toHaveBeenCalled();
    expect(semaphore.active).toBe(0);
  });

  it('keeps the context of the caller through acquire as well', async () => {
    const storage = new AsyncLocalStorage<string>();
    const semaphore = new Semaphore({ permits: 1 });
    const held = await semaphore.acquire();
    const seen = storage.run('caller', async () => {
      const permit = await semaphore.acquire();
      permit.release();
      return storage.getStore();
    });

    storage.run('releaser', () => held.release());

    expect(await seen).toBe('caller');
  });
});

describe('Semaphore.stats', () => {
  it('counts calls and waits', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, maxQueue: 2, clock, measureWaits: true });
    const held = await semaphore.acquire();
    semaphore.tryAcquire();
    const first = semaphore.acquire();
    const late = semaphore.acquire({ timeoutMs: 20 }).catch(() => {});
    await semaphore.acquire().catch(() => {});
    await semaphore.acquire({ signal: AbortSignal.abort() }).catch(() => {});
    await clock.advanceAsync(30);
    await late;
    held.release();
    await first;

    expect(semaphore.stats()).toEqual({
      granted: 2,
      refused: 1,
      timedOut: 1,
      aborted: 1,
      queueFull: 1,
      waited: 1,
      totalWaitMs: 30,
      maxWaitMs: 30,
      active: 1,
      maxActive: 1,
      queued: 0,
    });
  });
});

describe('Semaphore.stats without measureWaits', () => {
  it('says that it does not know how long the waits were', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, clock });
    const held = await semaphore.acquire();
    const second = semaphore.acquire();
    await clock.advanceAsync(30);
    held.release();
    await second;

    expect(semaphore.stats()).toMatchObject({
      waited: 1,
      totalWaitMs: undefined,
      maxWaitMs: undefined,
    });
  });
});

describe('Semaphore.close', () => {
  it('rejects those who wait and everybody after; held permits can still be released', async () => {
    const clock = new ManualClock();
    const semaphore = new Semaphore({ permits: 1, clock });
    const held = await semaphore.acquire();
    const waiting = semaphore.acquire({ timeoutMs: 1_000 });

    semaphore.close();
    semaphore.close();
    held.release();

    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await expect(semaphore.run(() => 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    expect(semaphore.tryAcquire()).toBeUndefined();
    expect(semaphore).toMatchObject({ active: 0, available: 0, queued: 0 });
    expect(clock.pending.foreground).toBe(0);
  });
});

type Step = 'acquire' | 'tryAcquire' | 'releaseOldest' | 'releaseTwice' | 'abortNewest';

/** Plays steps on a semaphore and keeps the books. */
class Players {
  readonly semaphore: Semaphore;
  readonly held: Permit[] = [];
  /** Who got a permit, in the order of getting it. */
  readonly served: number[] = [];
  readonly waiting: { readonly id: number; readonly controller: AbortController }[] = [];
  readonly failures: unknown[] = [];
  asked = 0;
  aborted = 0;
  overtaken = 0;

  constructor(permits: number) {
    this.semaphore = new Semaphore({ permits });
  }

  async play(step: Step): Promise<void> {
    if (step === 'acquire') void this.#acquire();
    else if (step === 'tryAcquire') this.#tryAcquire();
    else if (step === 'abortNewest') this.#abortNewest();
    else this.#release(step === 'releaseTwice' ? 2 : 1);
    await new Promise(setImmediate);
  }

  async #acquire(): Promise<void> {
    const caller = { id: this.asked++, controller: new AbortController() };
    this.waiting.push(caller);
    try {
      this.held.push(await this.semaphore.acquire({ signal: caller.controller.signal }));
      this.served.push(caller.id);
      this.waiting.splice(this.waiting.indexOf(caller), 1);
    } catch (error) {
      this.failures.push(error);
    }
  }

  #tryAcquire(): void {
    const someoneWaits = this.semaphore.queued > 0;
    const permit = this.semaphore.tryAcquire();
    if (permit === undefined) return;
    this.held.push(permit);
    if (someoneWaits) this.overtaken++;
  }

  #abortNewest(): void {
    const caller = this.waiting.pop();
    if (caller === undefined) return;
    this.aborted++;
    caller.controller.abort();
  }

  #release(times: number): void {
    const permit = this.held.shift();
    for (let count = 0; count < times; count++) permit?.release();
  }
}

describe('Semaphore, for any sequence of calls', () => {
  it('stays within its permits, serves in order, and loses nobody', async () => {
    const steps = fc.array(
      fc.constantFrom<Step>(
        'acquire',
        'acquire',
        'tryAcquire',
        'releaseOldest',
        'releaseTwice',
        'abortNewest',
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (permits, sequence) => {
        const players = new Players(permits);
        const { semaphore, held, waiting } = players;
        for (const step of sequence) {
          await players.play(step);
          expect(semaphore.active).toBeLessThanOrEqual(permits);
          expect(semaphore.active).toBe(held.length);
          expect(semaphore.queued).toBe(waiting.length);
          expect(semaphore.queued === 0 || semaphore.available === 0).toBe(true);
        }
        while (held.length > 0) await players.play('releaseOldest');

        expect(players.overtaken).toBe(0);
        expect(players.failures).toHaveLength(players.aborted);
        expect(players.served).toHaveLength(players.asked - players.aborted);
        expect(players.served).toEqual([...players.served].sort((a, b) => a - b));
        expect(semaphore).toMatchObject({ active: 0, available: permits, queued: 0 });
      }),
      { numRuns: 60 },
    );
  });
});
