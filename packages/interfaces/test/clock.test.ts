import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '@x/interfaces';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads wall time and monotonic time', () => {
    vi.setSystemTime(1_000_000);
    const before = systemClock.monotonic();
    vi.advanceTimersByTime(250);

    expect(systemClock.now()).toBe(1_000_250);
    expect(systemClock.monotonic() - before).toBeCloseTo(250);
  });

  it('reads the time of the machine again when the fake timers are gone', () => {
    vi.advanceTimersByTime(1e9);
    const faked = systemClock.monotonic();
    vi.useRealTimers();

    expect(systemClock.monotonic()).toBeLessThan(faked);
  });

  it('calls a task once after the delay', () => {
    const task = vi.fn();
    systemClock.schedule(task, 100);

    vi.advanceTimersByTime(99);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('does not call a cancelled task, and cancelling twice is harmless', () => {
    const task = vi.fn();
    const timer = systemClock.schedule(task, 100);

    timer[Symbol.dispose]();
    timer[Symbol.dispose]();
    vi.advanceTimersByTime(1_000);
    expect(task).not.toHaveBeenCalled();
  });

  it('waits longer than the longest timer of Node', () => {
    const task = vi.fn();
    const fiftyDays = 50 * 86_400_000;
    systemClock.schedule(task, fiftyDays);

    vi.advanceTimersByTime(fiftyDays - 1);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('never calls a task that is due at Infinity, and takes a negative delay as none', () => {
    const never = vi.fn();
    const soon = vi.fn();
    systemClock.schedule(never, Infinity);
    systemClock.schedule(soon, -5);

    vi.advanceTimersByTime(40 * 86_400_000);
    expect(never).not.toHaveBeenCalled();
    expect(soon).toHaveBeenCalledTimes(1);
  });

  it('arms one timer for a fractional delay, and never fires early', () => {
    const arm = vi.spyOn(globalThis, 'setTimeout');
    const task = vi.fn();
    systemClock.schedule(task, 10.5);

    vi.advanceTimersByTime(10);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
    expect(arm.mock.calls.map(([, delayMs]) => delayMs)).toEqual([11]);
    arm.mockRestore();
  });

  it.each([
    [NaN, new RangeError('delayMs must be a number, got NaN')],
    [undefined, new TypeError('delayMs must be a number, got undefined')],
    ['100', new TypeError('delayMs must be a number, got "100"')],
    [100n, new TypeError('delayMs must be a number, got 100n')],
  ])('refuses a delay of %o', (delayMs, error) => {
    expect(() => systemClock.schedule(() => {}, delayMs as number)).toThrow(error);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a task of systemClock', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is turned into the background and back, while it is to run', () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const active = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length - before;
    const task = systemClock.schedule(() => {}, 60_000);

    expect([active(), task.setBackground?.(true), active()]).toEqual([1, true, 0]);
    expect([task.setBackground?.(false), active()]).toEqual([true, 1]);
    task[Symbol.dispose]();
    expect([task.setBackground?.(false), active()]).toEqual([false, 0]);
  });

  it('is not, when fake timers come into it', () => {
    const real = systemClock.schedule(() => {}, 60_000, { background: true });
    vi.useFakeTimers();
    const fake = systemClock.schedule(() => {}, 60_000, { background: true });
    expect([real.setBackground?.(false), fake.setBackground?.(false)]).toEqual([false, false]);
    vi.useRealTimers();
    expect([real.setBackground?.(true), fake.setBackground?.(true)]).toEqual([true, false]);
    real[Symbol.dispose]();
  });
});
