import { TokenBucket } from '@x/performance';
import type { Claim } from './claim.ts';

const rates = [10, 100, 1_000];
const forMs = 6_000;
const callers = 50;

/**
 * How far the rate of granted permits is from the one asked for, in percent, when callers always wait. The
 * burst is spent before, so that it does not count.
 */
async function deviation(permitsPerSecond: number, burst: number): Promise<number> {
  const limiter = new TokenBucket({ permitsPerSecond, burst });
  while (limiter.tryAcquire());
  const startedAt = performance.now();
  let granted = 0;
  let elapsedMs = 0;
  const call = async (): Promise<void> => {
    while (elapsedMs < forMs) {
      await limiter.acquire();
      granted++;
      elapsedMs = performance.now() - startedAt;
    }
  };
  await Promise.race(Array.from({ length: callers }, call));
  const rate = (granted * 1_000) / elapsedMs;
  limiter.close();
  return Math.abs(rate / permitsPerSecond - 1) * 100;
}

export const rate: Claim = {
  claim: 'a rate is held',
  how: `token buckets of ${rates.join(', ')} permits a second at the same time for ${forMs / 1_000} seconds, ${callers} callers always waiting for each: the largest deviation`,
  unit: '% off',
  better: 'less',
  must: 5,
  goal: 1,
  async measure() {
    const cases = rates.flatMap((permits) => [
      { permits, burst: permits, name: `percentOffAt${permits}PerSecond` },
      { permits, burst: 1, name: `percentOffAt${permits}PerSecondWithABurstOf1` },
    ]);
    const deviations = await Promise.all(
      cases.map(({ permits, burst }) => deviation(permits, burst)),
    );
    return {
      figure: Math.max(...deviations.filter((_, index) => cases[index]?.burst !== 1)),
      details: Object.fromEntries(cases.map(({ name }, index) => [name, deviations[index] ?? NaN])),
    };
  },
};
