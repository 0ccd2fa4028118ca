import assert from 'node:assert/strict';
import { RateLimit } from 'async-sema';
import Bottleneck from 'bottleneck';
import { RateLimiter, TokenBucket as LimiterBucket } from 'limiter';
import PQueue from 'p-queue';
import pThrottle from 'p-throttle';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import { TokenBucket } from '@x/ratelimit';
import type { Probe, Suite } from '../harness/suite.ts';
import { cpuNanoseconds } from './cpu.ts';

/** Makes a limiter of `rate` per second, and of a burst of a tenth of that where it knows bursts. */
type Create = (rate: number) => () => Promise<unknown>;

const burstOf = (rate: number): number => Math.max(1, rate / 10);

const nothing = (): void => {};

const contenders: Record<string, () => Create> = {
  ours: () => (rate) => {
    const bucket = new TokenBucket({ permitsPerSecond: rate, burst: burstOf(rate) });
    return () => bucket.acquire();
  },
  'ours, burst 1': () => (rate) => {
    const bucket = new TokenBucket({ permitsPerSecond: rate, burst: 1 });
    return () => bucket.acquire();
  },
  'limiter TokenBucket': () => (rate) => {
    const bucketSize = burstOf(rate);
    const bucket = new LimiterBucket({ bucketSize, tokensPerInterval: rate, interval: 1_000 });
    bucket.content = bucketSize;
    return () => bucket.removeTokens(1);
  },
  'limiter RateLimiter': () => (rate) => {
    const limiter = new RateLimiter({ tokensPerInterval: rate, interval: 1_000 });
    return () => limiter.removeTokens(1);
  },
  'rate-limiter-flexible queue': () => (rate) => {
    const limiter = new RateLimiterMemory({ points: rate, duration: 1 });
    const queue = new RateLimiterQueue(limiter);
    return () => queue.removeTokens(1);
  },
  'p-throttle': () => (rate) =>
    pThrottle({ limit: rate, interval: 1_000 })(nothing) as unknown as () => Promise<unknown>,
  'p-throttle strict': () => (rate) =>
    pThrottle({ limit: rate, interval: 1_000, strict: true })(
      nothing,
    ) as unknown as () => Promise<unknown>,
  'p-queue': () => (rate) => {
    const queue = new PQueue({ intervalCap: rate, interval: 1_000 });
    return () => queue.add(nothing);
  },
  'async-sema RateLimit': () => (rate) => RateLimit(rate),
  'async-sema RateLimit uniform': () => (rate) => RateLimit(rate, { uniformDistribution: true }),
  'bottleneck minTime': () => (rate) => {
    const limiter = new Bottleneck({ minTime: 1_000 / rate });
    return () => limiter.schedule(() => Promise.resolve());
  },
};

const measuredMs = 3_000;
const waiters = 100;

interface Grant {
  readonly at: number;
  /** The place of the call among all calls. */
  readonly ticket: number;
}

/** Lets a hundred callers ask again and again, and answers what they got within three seconds. */
async function collect(acquire: () => Promise<unknown>): Promise<Grant[]> {
  const grants: Grant[] = [];
  let tickets = 0;
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    for (;;) {
      const ticket = tickets++;
      await acquire();
      const at = performance.now() - startedAt;
      if (at >= measuredMs) return;
      grants.push({ at, ticket });
    }
  };
  // Callers whom the limiter keeps waiting beyond the time are left behind with the process.
  for (let count = 0; count < waiters; count++) void caller();
  await new Promise((resolve) => setTimeout(resolve, measuredMs + 20));
  return grants;
}

function mostWithin(grants: readonly Grant[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (const [last, { at }] of grants.entries()) {
    while (at - (grants[first]?.at ?? 0) >= windowMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

async function measure(create: Create, rate: number, probe: Probe): Promise<void> {
  const cpu = cpuNanoseconds();
  const grants = await collect(create(rate));
  assert.ok(grants.length > 0);
  const inversions = grants.filter(
    ({ ticket }, place) => ticket < (grants[place - 1]?.ticket ?? 0),
  );
  const expected = (rate * measuredMs) / 1_000 + burstOf(rate);
  probe.record('granted', grants.length);
  probe.record('ofRateTimesTimeAndBurst', grants.length / expected);
  probe.record('worst100ms', mostWithin(grants, 100));
  probe.record('worst1s', mostWithin(grants, 1_000));
  probe.record('worst1sLessRateAndBurst', mostWithin(grants, 1_000) - rate - burstOf(rate));
  probe.record('inversions', inversions.length);
  probe.record('cpuShare', (cpuNanoseconds() - cpu) / 1e6 / measuredMs);
}

export const suite: Suite<Create> = {
  contenders,
  cases: Object.fromEntries(
    [10, 100, 1_000, 10_000].map((rate) => [
      `${rate} per second`,
      (create: Create, probe: Probe) => measure(create, rate, probe),
    ]),
  ),
};
