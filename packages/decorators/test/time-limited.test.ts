import { getEventListeners } from 'node:events';
import { ManualClock } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { timeLimited } from '@x/decorators';

const never = (): Promise<void> => new Promise(() => {});

describe('timeLimited(options)(fn)', () => {
  it('answers what comes in time, keeps the type, and leaves no timer', async () => {
    const clock = new ManualClock();
    const call = timeLimited({ timeoutMs: 100, clock })(async (id: number) => id);

    expectTypeOf(call).toEqualTypeOf<(id: number) => Promise<number>>();
    expect(await call(5)).toBe(5);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('passes a failure on, thrown at once or later, and leaves no timer', async () => {
    const clock = new ManualClock();
    const limit = timeLimited({ timeoutMs: 100, clock });
    const later = limit(async () => {
      throw new Error('later');
    });
    const atOnce = limit((): Promise<void> => {
      throw new Error('at once');
    });

    await expect(later()).rejects.toThrow('later');
    await expect(atOnce()).rejects.toThrow('at once');
    expect(clock.pending.foreground).toBe(0);
  });

  it('rejects what takes too long, each call at its own time', async () => {
    const clock = new ManualClock();
    const load = timeLimited({ timeoutMs: 100, clock })(async function load(): Promise<void> {
      await never();
    });
    const ends: number[] = [];
    const note = (): number => ends.push(clock.monotonic());
    const first = load();
    first.catch(note);
    clock.advance(30);
    load().catch(note);
    await clock.advanceAsync(1_000);

    expect(ends).toEqual([100, 130]);
    await expect(first).rejects.toMatchObject({
      code: 'ERR_CALL_TIMEOUT',
      callee: 'load',
      timeoutMs: 100,
      message: 'load did not settle within 100 ms',
    });
    expect(clock.pending.foreground).toBe(0);
  });

  it('limits answers that are no promises of this realm, and passes plain values on', async () => {
    const clock = new ManualClock();
    const limit = timeLimited({ timeoutMs: 100, clock });
    // oxlint-disable-next-line unicorn/no-thenable -- as query builders are
    const query = { then: (): void => {} } as unknown as Promise<void>;
    const answer = limit(() => query)();
    answer.catch(() => {});
    await clock.advanceAsync(100);

    await expect(answer).rejects.toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
    expect(await limit((() => 5) as unknown as () => Promise<number>)()).toBe(5);
  });

  it('with Infinity limits nothing and has no timer', async () => {
    const clock = new ManualClock();
    const call = timeLimited({ timeoutMs: Infinity, clock })(async () => 1);
    const answer = call();

    expect(clock.pending.foreground).toBe(0);
    expect(await answer).toBe(1);
  });

  it('keeps the order of calls that end in any order', async () => {
    const clock = new ManualClock();
    const calls: PromiseWithResolvers<number>[] = [];
    const load = timeLimited({ timeoutMs: 100, clock })(() => {
      const call = Promise.withResolvers<number>();
      calls.push(call);
      return call.promise;
    });
    const ends: string[] = [];
    for (const id of [0, 1, 2, 3]) {
      load().then(
        () => ends.push(`${id} answered`),
        () => ends.push(`${id} at ${clock.monotonic()}`),
      );
      clock.advance(10);
    }
    calls[2]?.resolve(2);
    calls[0]?.resolve(0);
    await clock.advanceAsync(1_000);

    expect(ends).toEqual(['2 answered', '0 answered', '1 at 110', '3 at 130']);
    expect(clock.pending.foreground).toBe(0);
  });

  it('drops what is answered late, also a failure', async () => {
    const clock = new ManualClock();
    const late = Promise.withResolvers<void>();
    const answer = timeLimited({ timeoutMs: 1, clock })(() => late.promise)();
    answer.catch(() => {});
    await clock.advanceAsync(1);
    late.reject(new Error('late'));

    await expect(answer).rejects.toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
  });

  it('hands a signal in where it is asked for, which aborts when the time is over', async () => {
    const clock = new ManualClock();
    const seen: AbortSignal[] = [];
    const load = timeLimited({
      timeoutMs: 100,
      clock,
      withSignal: ([id], signal) => [id, { signal }],
    })(async (_id: number, options?: { signal: AbortSignal }) => {
      if (options !== undefined) seen.push(options.signal);
      await never();
    });
    const answer = load(1);
    answer.catch(() => {});
    expect(seen[0]?.aborted).toBe(false);
    await clock.advanceAsync(100);

    await expect(answer).rejects.toBe(seen[0]?.reason);
    expect(seen[0]?.aborted).toBe(true);
  });

  it('lets the signal follow the one of the caller', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const load = timeLimited({ timeoutMs: 100, clock, withSignal: (_args, signal) => [signal] })(
      (signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const answer = load(controller.signal);
    controller.abort(new Error('left'));

    await expect(answer).rejects.toThrow('left');
    expect(clock.pending.foreground).toBe(0);
  });

  it('hands in a signal that has aborted already when the one of the caller has', async () => {
    const limit = timeLimited({
      timeoutMs: 100,
      clock: new ManualClock(),
      withSignal: (_args, signal) => [signal],
    });
    const read = limit(async (signal: AbortSignal) => signal.throwIfAborted());
    const reason = new Error('left before');

    await expect(read(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('leaves no listener on the signal of the caller', async () => {
    const { signal } = new AbortController();
    const limit = timeLimited({
      timeoutMs: 100,
      clock: new ManualClock(),
      withSignal: (_args, own) => [own],
    });
    await limit(async (_signal: AbortSignal) => {})(signal);

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each([
    [undefined, /^options must be an object such as \{ timeoutMs \}, got undefined$/],
    [500, /^options must be an object such as \{ timeoutMs \}, got 500$/],
    [{}, /timeoutMs must be a number above 0, got undefined/],
    [{ timeoutMs: 0 }, /timeoutMs must be a number above 0, got 0/],
    [{ timeoutMs: 1, withSignal: 1 }, /withSignal must be a function, got 1/],
  ])('refuses %o', (options, message) => {
    expect(() => timeLimited(options as never)).toThrow(message);
  });
});
