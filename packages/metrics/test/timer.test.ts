import type { Timer } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';

describe('Registry.timer', () => {
  let clock: ManualClock;
  let registry: Registry;
  let timer: Timer;

  beforeEach(() => {
    clock = new ManualClock();
    registry = new Registry({ clock });
    timer = registry.timer('fetch');
  });

  const outcomes = (): unknown[] => {
    const metric = registry.find('fetch');
    if (metric?.kind !== 'timer') return [];
    return metric.series.map(({ labels, count, sum, inFlight }) => [
      labels['outcome'],
      count,
      sum,
      inFlight,
    ]);
  };

  it('measures from start to stop, once', () => {
    const running = timer.start();
    clock.advance(30);
    expect(outcomes()).toEqual([['success', 0, 0, 1]]);

    expect(running.stop()).toBe(30);
    clock.advance(5);
    expect(running.stop('failure')).toBe(30);
    running[Symbol.dispose]();

    expect(outcomes()).toEqual([['success', 1, 30, 0]]);
  });

  it('stops at the end of a using block', () => {
    {
      using running = timer.start();
      expect(running).toBeDefined();
      clock.advance(7);
    }
    expect(outcomes()).toEqual([['success', 1, 7, 0]]);
  });

  it('keeps failures apart', () => {
    timer.record(10);
    timer.record(20, 'failure');
    timer.start().stop('failure');

    expect(outcomes()).toEqual([
      ['failure', 2, 20, 0],
      ['success', 1, 10, 0],
    ]);
  });

  it.each([
    [true, 'got true'],
    ['ok', 'got "ok"'],
    ['Success', 'got "Success"'],
    [null, 'got null'],
    [{ outcome: 'failure' }, 'got an object'],
  ])('takes no %o for a failure, and nothing is recorded', (wrong, got) => {
    const outcome = wrong as never;
    const refusal = new TypeError(`outcome must be "success" or "failure", ${got}`);
    expect(() => timer.record(5, outcome)).toThrow(refusal);

    const running = timer.start();
    clock.advance(7);
    expect(() => running.stop(outcome)).toThrow(refusal);
    expect(outcomes()).toEqual([['success', 0, 0, 1]]);
    running.stop('failure');
    expect(outcomes()).toEqual([
      ['failure', 1, 7, 0],
      ['success', 0, 0, 0],
    ]);
  });

  it('takes a missing outcome for success', () => {
    timer.record(5, undefined);
    timer.start().stop(undefined);
    expect(outcomes()).toEqual([['success', 2, 5, 0]]);
  });

  it('times a function and answers what it answers', () => {
    const answer = timer.time(() => {
      clock.advance(12);
      return 'answer';
    });

    expect(answer).toBe('answer');
    expect(outcomes()).toEqual([['success', 1, 12, 0]]);
  });

  it('times a function that throws as a failure', () => {
    const error = new Error('no');

    expect(() =>
      timer.time(() => {
        clock.advance(3);
        throw error;
      }),
    ).toThrow(error);
    expect(outcomes()).toEqual([
      ['failure', 1, 3, 0],
      ['success', 0, 0, 0],
    ]);
  });

  it.each([
    [Promise.resolve(), 'a promise'],
    [undefined, 'undefined'],
  ])('refuses to time %o, which is no function, and measures nothing', (fn, got) => {
    expect(() => timer.time(fn as never)).toThrow(
      new TypeError(`fn must be a function, got ${got}`),
    );
    expect(outcomes()).toEqual([['success', 0, 0, 0]]);
  });

  it('times a promise until it settles', async () => {
    const slow = timer.time(
      () => new Promise<string>((resolve) => clock.schedule(() => resolve('late'), 40)),
    );
    const failing = timer.time(() => Promise.reject(new Error('no')));
    expect(outcomes()).toEqual([['success', 0, 0, 2]]);

    await expect(failing).rejects.toThrow('no');
    await clock.advanceAsync(40);

    expect(await slow).toBe('late');
    expect(outcomes()).toEqual([
      ['failure', 1, 0, 0],
      ['success', 1, 40, 0],
    ]);
  });

  it('may be given nothing where labels stand elsewhere', () => {
    const untyped = timer as unknown as {
      start(labels: undefined): { stop(): number };
      time(fn: () => number, labels: undefined): number;
    };
    untyped.start(undefined).stop();
    expect(untyped.time(() => 5, undefined)).toBe(5);
    expect(outcomes()).toEqual([['success', 2, 0, 0]]);
  });

  it('is not moved by a step of the wall clock', () => {
    const running = timer.start();
    clock.stepWallClock(-86_400_000);
    clock.advance(5);

    expect(running.stop()).toBe(5);
  });

  it('has children for its labels', () => {
    const calls = registry.timer('calls', { labelNames: ['host'], buckets: [1, 10] });
    calls.labels('a').record(5);
    calls.labels({ host: 'b' }).record(50, 'failure');

    expect(registry.summary()).toMatchObject({
      'calls_p50_ms{host="a",outcome="success"}': 5,
      'calls_p99_ms{host="b",outcome="failure"}': 50,
    });
  });
});
