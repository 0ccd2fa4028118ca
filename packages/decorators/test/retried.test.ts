import { ClosedError } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { retried } from '@x/decorators';

/** Fails so often, then answers how often it was called. */
function failing(times: number, error: unknown = new Error('no')): () => Promise<number> {
  let calls = 0;
  return async () => {
    if (++calls <= times) throw error;
    return calls;
  };
}

const noJitter = { jitterRatio: 0 };

describe('retried(options)(fn)', () => {
  it('answers a success at once, without a timer, and keeps the type', async () => {
    const clock = new ManualClock();
    const call = retried({ clock })(async (id: number) => id);

    expectTypeOf(call).toEqualTypeOf<(id: number) => Promise<number>>();
    expect(await call(5)).toBe(5);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('tries again after pauses that double', async () => {
    const clock = new ManualClock();
    const starts: number[] = [];
    const call = retried({ ...noJitter, clock, backoffMs: 100, maxBackoffMs: 250 })(async () => {
      starts.push(clock.monotonic());
      throw new Error('no');
    });
    const answer = call();
    answer.catch(() => {});
    await clock.advanceAsync(10_000);

    expect(starts).toEqual([0, 100, 300, 550]);
    await expect(answer).rejects.toThrow('no');
    expect(clock.pending.foreground).toBe(0);
  });

  it('draws each pause evenly from 0 to the whole, or from the part that jitterRatio leaves', async () => {
    for (const [jitterRatio, expected] of [
      [1, 50],
      [0.5, 75],
    ] as const) {
      const clock = new ManualClock();
      const call = retried({ jitterRatio, clock, backoffMs: 100, random: () => 0.5 })(failing(1));
      const answer = call();
      await clock.advanceAsync(expected - 1);
      expect(clock.pending.foreground).toBe(1);
      await clock.advanceAsync(1);
      expect(await answer).toBe(2);
    }
  });

  it('waits at least the retryAfterMs of an error, and gives up where that is too long', async () => {
    const clock = new ManualClock();
    const error = Object.assign(new Error('later'), { retryAfterMs: 5_000 });
    const answer = retried({ clock })(failing(1, error))();
    await clock.advanceAsync(4_999);
    expect(clock.pending.foreground).toBe(1);
    await clock.advanceAsync(1);
    expect(await answer).toBe(2);

    const impatient = retried({ clock, maxRetryAfterMs: 4_999 })(failing(1, error));
    await expect(impatient()).rejects.toBe(error);
  });

  it('asks retryIf, and never retries an abort or what is closed', async () => {
    const clock = new ManualClock();
    const asked: unknown[] = [];
    const picky = retried({ clock, retryIf: (...given) => asked.push(given) < 1 })(failing(1));
    await expect(picky()).rejects.toThrow('no');
    expect(asked).toEqual([[new Error('no'), 0]]);

    const abort = new DOMException('stop', 'AbortError');
    await expect(retried({ clock })(failing(1, abort))()).rejects.toBe(abort);
    const closed = new ClosedError('cache');
    await expect(retried({ clock })(failing(1, closed))()).rejects.toBe(closed);
    expect(clock.pending.foreground).toBe(0);
  });

  it('takes each retry from the budget, and answers the failure when that is spent', async () => {
    const clock = new ManualClock();
    const calls: string[] = [];
    let balance = 1;
    const budget = {
      balance,
      deposit: () => void calls.push('deposit'),
      tryWithdraw: () => balance-- > 0,
    };
    const answer = retried({ ...noJitter, clock, budget })(failing(9))();
    answer.catch(() => {});
    await clock.advanceAsync(300);

    await expect(answer).rejects.toThrow('no');
    expect(calls).toEqual(['deposit']);
    expect(clock.pending.foreground).toBe(0);
  });

  it('ends a pause at once when the signal of the call aborts, and leaves nothing behind', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    let calls = 0;
    const call = retried({ clock })(async (_options: { signal: AbortSignal }) => {
      calls++;
      throw new Error('no');
    });
    const answer = call({ signal: controller.signal });
    answer.catch(() => {});
    await clock.advanceAsync(0);
    controller.abort(new Error('left'));

    await expect(answer).rejects.toThrow('left');
    expect(clock.pending.foreground).toBe(0);
    await expect(call({ signal: controller.signal })).rejects.toThrow('no');
    expect(calls).toBe(2);
  });

  it('tries a method again on its instance, with its arguments', async () => {
    const clock = new ManualClock();
    class Client {
      tries: string[] = [];

      @retried({ clock, backoffMs: 0 })
      async load(id: string): Promise<number> {
        if (this.tries.push(id) < 3) throw new Error('no');
        return this.tries.length;
      }
    }
    const client = new Client();
    const answer = client.load('a');
    await clock.advanceAsync(1);
    expect([await answer, client.tries]).toEqual([3, ['a', 'a', 'a']]);
  });

  it.each([[[]], [['a']], [['a', 'b']]])(
    'tries a call with the arguments %j again',
    async (args) => {
      const clock = new ManualClock();
      const seen: unknown[][] = [];
      const call = retried({ clock, backoffMs: 0 })((...given: unknown[]): Promise<number> => {
        if (seen.push(given) < 3) throw new Error('at once');
        return Promise.resolve(seen.length);
      });
      const answer = call(...args);
      await clock.advanceAsync(1);
      expect([await answer, seen]).toEqual([3, [args, args, args]]);
    },
  );

  it('rejects where the budget is missing, without another attempt', async () => {
    const call = retried({ clock: new ManualClock(), budget: () => undefined as never })(
      failing(0),
    );
    await expect(call()).rejects.toThrow(/retried needs an object with tryWithdraw\(\)/);
  });

  it.each([
    [3, /^options must be an object such as \{ maxRetries \}, got 3$/],
    [{ maxRetries: -1 }, /maxRetries must be a whole number of at least 0, got -1/],
    [{ backoffMs: NaN }, /backoffMs must be a number of at least 0, got NaN/],
    [{ jitterRatio: 2 }, /jitterRatio must be .* got 2/],
    [{ retryIf: true }, /retryIf must be a function, got true/],
    [{ budget: {} }, /retried needs an object with tryWithdraw\(\)/],
  ])('refuses %o', (options, message) => {
    expect(() => retried(options as never)).toThrow(message);
  });
});
