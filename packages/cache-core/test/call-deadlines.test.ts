import { systemClock } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { CallDeadlines } from '../src/manager/tiers/call-deadlines.ts';
import { settle } from './loads.ts';

const never = new Promise<never>(() => {});
const timers = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('calls of a store', () => {
  it('have each their own time, by one timer', async () => {
    const clock = new ManualClock();
    const deadlines = new CallDeadlines(clock, 50, () => new Error('too late'));
    const ended: string[] = [];
    const call = (name: string): void =>
      void deadlines.within(never).catch((error: Error) => ended.push(`${name} ${error.message}`));
    call('first');
    await clock.advanceAsync(30);
    call('second');
    call('third');

    expect(clock.pending).toEqual({ foreground: 1, background: 0 });
    await clock.advanceAsync(20);
    expect(ended).toEqual(['first too late']);
    await clock.advanceAsync(29);
    expect(ended).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(ended).toEqual(['first too late', 'second too late', 'third too late']);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('answer in any order, and end a timer when the last has', async () => {
    const clock = new ManualClock();
    const deadlines = new CallDeadlines(clock, 50, () => new Error('too late'));
    const calls = Array.from({ length: 3 }, () => Promise.withResolvers<number>());
    const answers = calls.map(async ({ promise }) => deadlines.within(promise));
    for (const index of [1, 2, 0]) {
      await clock.advanceAsync(10);
      expect(clock.pending.foreground).toBe(1);
      calls[index]?.resolve(index);
    }

    expect(await Promise.all(answers)).toEqual([0, 1, 2]);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('tell of an answer that comes late, not of a late failure', async () => {
    const clock = new ManualClock();
    const deadlines = new CallDeadlines(clock, 50, () => new Error('too late'));
    const late: string[] = [];
    const [good, bad] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ends = Promise.allSettled([
      deadlines.within(good.promise, () => late.push('good')),
      deadlines.within(bad.promise, () => late.push('bad')),
    ]);
    await clock.advanceAsync(50);
    good.resolve();
    bad.reject(new Error('failed'));
    await settle();

    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(late).toEqual(['good']);
  });

  it('keep the process alive while they wait, and no longer', async () => {
    const deadlines = new CallDeadlines(systemClock, 60_000, () => new Error('too late'));
    const before = timers();
    for (let round = 0; round < 2; round++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const answer = deadlines.within(promise);
      expect(timers() - before).toBe(1);
      resolve();
      await answer;
      expect(timers() - before).toBe(0);
    }
    deadlines.close(new Error('closed'));
  });
});
