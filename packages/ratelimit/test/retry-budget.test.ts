import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenRetryBudget } from '../src/index.ts';

describe('TokenRetryBudget', () => {
  it('allows a few retries per second to a program that does little', () => {
    const clock = new ManualClock();
    const budget = new TokenRetryBudget({ maxBalance: 2, minRetriesPerSecond: 2, clock });
    expect([1, 2, 3].map(() => budget.tryWithdraw())).toEqual([true, true, false]);

    clock.advance(500);
    expect([1, 2].map(() => budget.tryWithdraw())).toEqual([true, false]);
    clock.advance(60_000);
    expect(budget.balance).toBe(2);
  });

  it('gets a retry back that was not needed', () => {
    const budget = new TokenRetryBudget({ maxBalance: 1, minRetriesPerSecond: 0 });
    budget.tryWithdraw();
    expect(budget.tryWithdraw()).toBe(false);

    budget.refund();
    budget.refund();
    expect([1, 2].map(() => budget.tryWithdraw())).toEqual([true, false]);
  });

  it('never allows more than it held, earned and accrued', () => {
    const steps = fc.array(fc.constantFrom('deposit', 'withdraw', 'second'), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (all, retryRatio) => {
        const clock = new ManualClock();
        const budget = new TokenRetryBudget({ retryRatio, minRetriesPerSecond: 0.5, clock });
        let [deposits, seconds, retries] = [0, 0, 0];
        for (const step of all) {
          if (step === 'deposit') {
            budget.deposit();
            deposits++;
          } else if (step === 'second') {
            clock.advance(1_000);
            seconds++;
          } else if (budget.tryWithdraw()) {
            retries++;
          }
          expect(retries).toBeLessThanOrEqual(10 + deposits * retryRatio + seconds / 2 + 1e-6);
          expect(budget.balance).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it.each([{ retryRatio: -1 }, { minRetriesPerSecond: NaN }, { maxBalance: 0 }])(
    'refuses %s',
    (options) => {
      expect(() => new TokenRetryBudget(options)).toThrow(RangeError);
    },
  );
});
