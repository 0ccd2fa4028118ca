import type { CircuitBreaker, Clock } from '@x/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

/**
 * The contract of a circuit breaker, as tests. Call it at the top level of a test file.
 *
 * @param create - makes a breaker that opens after 3 failures in a row, for 1 s, then 2 s, and tries
 * one call after that
 */
export function describeCircuitBreaker(
  name: string,
  create: (clock: Clock) => CircuitBreaker,
): void {
  describe(`${name} keeps the circuit breaker contract`, () => {
    let clock: ManualClock;
    let breaker: CircuitBreaker;

    beforeEach(() => {
      clock = new ManualClock();
      breaker = create(clock);
    });

    const fail = (times: number): void => {
      for (let count = 0; count < times; count++) {
        expect(breaker.tryPass()).toBe(true);
        breaker.record('failure', 1);
      }
    };

    it('lets calls through while they succeed', async () => {
      expect(breaker.state).toBe('closed');
      expect(breaker.retryAfterMs()).toBe(0);
      expect(await breaker.run(() => 'answer')).toBe('answer');
      expect(await breaker.run(async () => 'later')).toBe('later');
    });

    it('opens after failures in a row and says when to try again', () => {
      fail(3);

      expect(breaker.state).toBe('open');
      expect(breaker.tryPass()).toBe(false);
      clock.advance(400);
      expect(breaker.retryAfterMs()).toBe(600);
    });

    it('counts only failures in a row, and ignores what says nothing', () => {
      fail(2);
      breaker.record('success', 1);
      fail(2);
      breaker.record('ignored', 1);

      expect(breaker.state).toBe('closed');
      fail(1);
      expect(breaker.state).toBe('open');
    });

    it('passes on what a call throws, and refuses the next with ERR_CIRCUIT_OPEN', async () => {
      const error = new Error('down');
      for (let count = 0; count < 3; count++) {
        await expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
      }
      let called = false;

      const refused = breaker.run(() => (called = true));

      await expect(refused).rejects.toMatchObject({
        code: 'ERR_CIRCUIT_OPEN',
        retryAfterMs: 1_000,
      });
      expect(called).toBe(false);
    });

    it('counts a call that throws at once as a failure', async () => {
      const error = new Error('bad');
      const run = (): Promise<never> =>
        breaker.run(() => {
          throw error;
        });
      for (let count = 0; count < 3; count++) await expect(run).rejects.toBe(error);

      expect(breaker.state).toBe('open');
    });

    it('tries one call after the break, and closes when it succeeds', () => {
      fail(3);
      clock.advance(1_000);

      expect(breaker.state).toBe('half-open');
      expect(breaker.tryPass()).toBe(true);
      expect(breaker.tryPass()).toBe(false);
      clock.advance(5);
      breaker.record('success', 5);
      expect(breaker.state).toBe('closed');
      fail(2);
      expect(breaker.state).toBe('closed');
    });

    it('opens for longer when the trial fails', () => {
      fail(3);
      clock.advance(1_000);
      breaker.tryPass();

      breaker.record('failure', 0);

      expect(breaker.state).toBe('open');
      expect(breaker.retryAfterMs()).toBe(2_000);
    });

    it('does not take a late answer from before the break for a trial', async () => {
      const late = Promise.withResolvers<string>();
      const before = breaker.run(() => late.promise);
      fail(3);
      clock.advance(1_000);
      breaker.tryPass();

      late.resolve('late');
      expect(await before).toBe('late');

      expect(breaker.state).toBe('half-open');
    });

    it('does not stay half-open when nobody tells how the trial ended', () => {
      fail(3);
      clock.advance(1_000);
      expect(breaker.tryPass()).toBe(true);

      clock.advance(breaker.retryAfterMs());
      expect(breaker.tryPass()).toBe(true);
    });

    it('sets no timer', () => {
      fail(3);
      clock.advance(1_000);
      breaker.tryPass();

      expect(clock.pending).toEqual({ foreground: 0, background: 0 });
    });
  });
}
