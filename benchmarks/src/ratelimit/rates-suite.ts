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

/** Of `rate` per second: waits for one permit. */
type Acquire = () => Promise<unknown>;

interface RateContender {
  /** How many permits it may hand out at once beyond the rate; 0 where it knows no bursts. */
  burstOf(rate: number): number;
  create(rate: number): Acquire;
}

const nothing = (): void => {};
const noBurst = (): number => 0;
const oneAtATime = (): number => 1;
const aTenth = (rate: number): number => Math.max(1, rate / 10);

function tokenBucket(burstOf: (rate: number) => number): RateContender {
  return {
    burstOf,
    create: (rate) => {
      const bucket = new TokenBucket({ permitsPerSecond: rate, burst: burstOf(rate) });
      return () => bucket.acquire();
    },
  };
}

function withoutBurst(create: (rate: number) => Acquire): () => RateContender {
  return () => ({ burstOf: noBurst, create });
}

const contenders: Record<string, () => RateContender> = {
  ours: () => tokenBucket(aTenth),
  'ours, burst 1': () => tokenBucket(oneAtATime),
  'limiter TokenBucket': () => ({
    burstOf: aTenth,
    create: (rate) => {
      const bucketSize = aTenth(rate);
      const bucket = new LimiterBucket({ bucketSize, tokensPerInterval: rate, interval: 1_000 });
      bucket.content = bucketSize;
      return () => bucket.removeTokens(1);
    },
  }),
  'limiter RateLimiter': withoutBurst((rate) => {
    const limiter = new RateLimiter({ tokensPerInterval: rate, interval: 1_000 });
    return () => limiter.removeTokens(1);
  }),
  'rate-limiter-flexible queue': withoutBurst((rate) => {
    const limiter = new RateLimiterMemory({ points: rate, duration: 1 });
    const queue = new RateLimiterQueue(limiter);
    return () => queue.removeTokens(1);
  }),
  'p-throttle': withoutBurst(
    (rate) => pThrottle({ limit: rate, interval: 1_000 })(nothing) as unknown as Acquire,
  ),
  'p-throttle strict': withoutBurst(
    (rate) =>
      pThrottle({ limit: rate, interval: 1_000, strict: true })(nothing) as unknown as Acquire,
  ),
  'p-queue': withoutBurst((rate) => {
    const queue = new PQueue({ intervalCap: rate, interval: 1_000 });
    return () => queue.add(nothing);
  }),
  'async-sema RateLimit': withoutBurst((rate) => RateLimit(rate)),
  'async-sema RateLimit uniform': withoutBurst((rate) =>
    RateLimit(rate, { uniformDistribution: true }),
  ),
  'bottleneck minTime': withoutBurst((rate) => {
    const limiter = new Bottleneck({ minTime: 1_000 / rate });
    return () => limiter.schedule(() => Promise.resolve());
  }),
};

const measuredMs = 3_000;
const waiters = 100;

interface Grant {
  readonly at: number;
  /** The place of the call among all calls. */
  readonly ticket: number;
}

/** Lets a hundred callers ask again and again, and answers what they got within three seconds. */
async function collect(acquire: Acquire): Promise<Grant[]> {
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

async function measure(contender: RateContender, rate: number, probe: Probe): Promise<void> {
  const burst = contender.burstOf(rate);
  const cpu = cpuNanoseconds();
  const grants = await collect(contender.create(rate));
  assert.ok(grants.length > 0);
  const inversions = grants.filter(
    ({ ticket }, place) => ticket < (grants[place - 1]?.ticket ?? 0),
  );
  const expected = (rate * measuredMs) / 1_000 + burst;
  probe.record('granted', grants.length);
  probe.record('ofRateTimesTimeAndBurst', grants.length / expected);
  probe.record('worst100ms', mostWithin(grants, 100));
  probe.record('worst1s', mostWithin(grants, 1_000));
  probe.record('worst1sLessRateAndBurst', mostWithin(grants, 1_000) - rate - burst);
  probe.record('inversions', inversions.length);
  probe.record('cpuShare', (cpuNanoseconds() - cpu) / 1e6 / measuredMs);
}

export const suite: Suite<RateContender> = {
  contenders,
  cases: Object.fromEntries(
    [10, 100, 1_000, 10_000].map((rate) => [
      `${rate} per second`,
      (contender: RateContender, probe: Probe) => measure(contender, rate, probe),
    ]),
  ),
};
