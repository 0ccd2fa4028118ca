import { describe, expect, it } from 'vitest';
import { ManualClock } from '../src/index.ts';

describe('ManualClock', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock(1_000);

    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    clock.advance(5);
    expect([clock.now(), clock.monotonic()]).toEqual([1_005, 5]);
  });

  it('runs tasks in due order, each at its own time', () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    clock.schedule(() => seen.push(`b at ${clock.monotonic()}`), 20);
    clock.schedule(() => seen.push(`a at ${clock.monotonic()}`), 10);
    clock.schedule(() => seen.push(`c at ${clock.monotonic()}`), 20);
    clock.schedule(() => seen.push('late'), 31);

    clock.advance(30);

    expect(seen).toEqual(['a at 10', 'b at 20', 'c at 20']);
  });

  it('runs what a task schedules if it becomes due as well', () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.monotonic());
      clock.schedule(tick, 10);
    };
    clock.schedule(tick, 10);

    clock.advance(35);

    expect(seen).toEqual([10, 20, 30]);
  });

  it('lets promises settle between tasks when advanced asynchronously', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const wait = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        clock.schedule(resolve, ms);
      });
    const waiting = (async () => {
      await wait(10);
      seen.push('first');
      await wait(10);
      seen.push('second');
    })();

    await clock.advanceAsync(20);

    expect(seen).toEqual(['first', 'second']);
    await waiting;
  });

  it('forgets cancelled tasks and tells what waits', () => {
    const clock = new ManualClock();
    const task = clock.schedule(() => {}, 10);
    clock.schedule(() => {}, 10, { background: true });
    expect(clock.pending).toEqual({ foreground: 1, background: 1 });

    task[Symbol.dispose]();

    expect(clock.pending).toEqual({ foreground: 0, background: 1 });
  });

  it('steps the wall clock without moving the monotonic one', () => {
    const clock = new ManualClock(1_000);
    clock.stepWallClock(-500);

    expect([clock.now(), clock.monotonic()]).toEqual([500, 0]);
  });
});
