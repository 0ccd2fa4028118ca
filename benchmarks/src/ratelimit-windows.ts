// The fullest windows of a token bucket by the times at which it decides, which callers can only see a
// little later:
//
//   pnpm --filter benchmarks ratelimit:windows
import assert from 'node:assert/strict';
import { type Clock, systemClock } from '@x/interfaces';
import { TokenBucket } from '@x/ratelimit';

const measuredMs = 3_000;
const waiters = 100;

interface Decision {
  readonly at: number;
  readonly granted: number;
}

/** A hundred callers ask again and again; answers what was granted at each reading of the clock. */
async function decisions(permitsPerSecond: number, burst: number): Promise<Decision[]> {
  const readings: { at: number; grantedBefore: number }[] = [];
  const granted = (): number => bucket?.stats().grantedPermits ?? 0;
  const clock: Clock = {
    ...systemClock,
    monotonic: () => {
      const at = systemClock.monotonic();
      readings.push({ at, grantedBefore: granted() });
      return at;
    },
  };
  let bucket: TokenBucket | undefined;
  const limiter = (bucket = new TokenBucket({ permitsPerSecond, burst, clock }));
  const caller = async (): Promise<void> => {
    for (;;) await limiter.acquire();
  };
  for (let count = 0; count < waiters; count++) caller().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  limiter.close();
  const last = granted();
  return readings.map(({ at, grantedBefore }, index) => ({
    at,
    granted: (readings[index + 1]?.grantedBefore ?? last) - grantedBefore,
  }));
}

function mostWithin(all: readonly Decision[], windowMs: number): number {
  let [most, sum, first] = [0, 0, 0];
  for (const { at, granted } of all) {
    sum += granted;
    for (let oldest = all[first]; oldest && at - oldest.at > windowMs; oldest = all[first]) {
      sum -= oldest.granted;
      first++;
    }
    most = Math.max(most, sum);
  }
  return most;
}

for (const rate of [10, 100, 1_000, 10_000]) {
  const burst = Math.max(1, rate / 10);
  const all = await decisions(rate, burst);
  const total = all.reduce((sum, { granted }) => sum + granted, 0);
  const fullest = mostWithin(all, 1_000);
  const allowed = rate + burst + 1;
  const expected = (rate * measuredMs) / 1_000 + burst;
  console.log({ rate, burst, granted: total, expected, fullestSecond: fullest, allowed });
  assert.ok(fullest <= allowed);
}
