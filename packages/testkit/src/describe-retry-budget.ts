import type { Clock, RetryBudget } from '@x/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

/**
 * The contract of a retry budget, as tests. Call it at the top level of a test file.
 *
 * @param create - makes a budget that begins with 5 retries, holds no more than that, and earns one
 * retry for ten first attempts, and none by time
 */
export function describeRetryBudget(name: string, create: (clock: Clock) => RetryBudget): void {
  describe(`${name} keeps the retry budget contract`, () => {
    let clock: ManualClock;
    let budget: RetryBudget;

    beforeEach(() => {
      clock = new ManualClock();
      budget = create(clock);
    });

    const spend = (): number => {
      let retries = 0;
      while (budget.tryWithdraw()) retries++;
      return retries;
    };

    it('allows what it holds and then refuses', () => {
      expect(budget.balance).toBe(5);
      expect(spend()).toBe(5);
      expect(budget.balance).toBeCloseTo(0);
      clock.advance(60_000);
      expect(budget.tryWithdraw()).toBe(false);
    });

    it('earns one retry for ten first attempts', () => {
      spend();
      for (let count = 0; count < 9; count++) budget.deposit();
      expect(budget.tryWithdraw()).toBe(false);

      budget.deposit();
      expect(budget.tryWithdraw()).toBe(true);
      expect(budget.tryWithdraw()).toBe(false);
    });

    it('saves up no more than it holds', () => {
      for (let count = 0; count < 1_000; count++) budget.deposit();

      expect(budget.balance).toBe(5);
      expect(spend()).toBe(5);
    });

    it('keeps retries to a share of the load when everything fails', () => {
      let retries = 0;
      for (let count = 0; count < 10_000; count++) {
        budget.deposit();
        if (budget.tryWithdraw()) retries++;
      }

      expect(retries).toBeGreaterThanOrEqual(1_000);
      expect(retries).toBeLessThanOrEqual(1_005);
    });
  });
}
