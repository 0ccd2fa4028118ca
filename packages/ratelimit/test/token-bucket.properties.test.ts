import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../src/index.ts';
import { LateClock } from './support.ts';

interface Grant {
  readonly at: number;
  readonly permits: number;
}

/** The textbook: a level that rises with time and falls with each grant. */
class NaiveBucket {
  readonly rate: number;
  readonly burst: number;
  level: number;
  at = 0;

  constructor(rate: number, burst: number) {
    this.rate = rate;
    this.burst = this.level = burst;
  }

  refill(now: number): void {
    this.level = Math.min(this.burst, this.level + ((now - this.at) * this.rate) / 1_000);
    this.at = now;
  }

  tryTake(permits: number, now: number): boolean {
    this.refill(now);
    if (this.level < permits - 1e-6) return false;
    this.level -= permits;
    return true;
  }
}

interface Request {
  readonly afterMs: number;
  readonly permits: number;
}

/** When each of `requests`, waiting in their order, gets its permits from a naive bucket. */
function naiveGrantTimes(rate: number, burst: number, requests: readonly Request[]): number[] {
  const bucket = new NaiveBucket(rate, burst);
  let arrival = 0;
  return requests.map(({ afterMs, permits }) => {
    arrival += afterMs;
    bucket.refill(Math.max(arrival, bucket.at));
    const missing = Math.max(0, permits - bucket.level);
    const at = bucket.at + (missing * 1_000) / rate;
    bucket.tryTake(permits, at);
    return at;
  });
}

/** Lets each of `requests` wait at its time, aborts one of them, and answers who got permits when. */
async function simulate(
  rate: number,
  burst: number,
  requests: readonly Request[],
  aborted?: { readonly index: number; readonly atMs: number },
  wallSteps: readonly number[] = [],
): Promise<(Grant | undefined)[]> {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ permitsPerSecond: rate, burst, clock });
  const grants: (Grant | undefined)[] = requests.map(() => undefined);
  const controller = new AbortController();
  if (aborted !== undefined) clock.schedule(() => controller.abort(), aborted.atMs);
  for (const [index, ms] of wallSteps.entries()) {
    clock.schedule(() => clock.stepWallClock(ms), index * 70);
  }
  for (const [index, { afterMs, permits }] of requests.entries()) {
    await clock.advanceAsync(afterMs);
    const signal = index === aborted?.index ? controller.signal : undefined;
    bucket.acquire(permits, { signal }).then(
      () => (grants[index] = { at: clock.monotonic(), permits }),
      () => {},
    );
  }
  await clock.advanceAsync((requests.length * burst * 1_000) / rate + (aborted?.atMs ?? 0) + 1);
  expect(bucket.queued).toBe(0);
  return grants;
}

/** `requests` without one of them; the others come when they did. */
function leaveOut(requests: readonly Request[], index: number): Request[] {
  const left = requests.map((request, place) =>
    place === index + 1
      ? { ...request, afterMs: request.afterMs + (requests[index]?.afterMs ?? 0) }
      : request,
  );
  left.splice(index, 1);
  return left;
}

/** How far the permits granted in the worst window exceed `burst + rate × its length`. */
function worstExcess(grants: readonly Grant[], rate: number, burst: number): number {
  let worst = -Infinity;
  for (let from = 0; from < grants.length; from++) {
    let sum = 0;
    for (let to = from; to < grants.length; to++) {
      const [first, last] = [grants[from], grants[to]];
      if (first === undefined || last === undefined) continue;
      sum += last.permits;
      worst = Math.max(worst, sum - burst - ((last.at - first.at) * rate) / 1_000);
    }
  }
  return worst;
}

const rates = fc.double({ min: 0.5, max: 5_000, noNaN: true });
const bursts = fc.integer({ min: 1, max: 8 });
const requestsUpTo = (burst: number): fc.Arbitrary<Request[]> =>
  fc.array(
    fc.record({
      afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 300, noNaN: true })),
      permits: fc.integer({ min: 1, max: burst }),
    }),
    { minLength: 1, maxLength: 12 },
  );
const scenarios = fc.tuple(rates, bursts).chain(([rate, burst]) =>
  fc.record({
    rate: fc.constant(rate),
    burst: fc.constant(burst),
    requests: requestsUpTo(burst),
  }),
);

describe('TokenBucket, for any rate, burst and arrivals', () => {
  it('decides tryAcquire as a naive fractional bucket does', () => {
    fc.assert(
      fc.property(scenarios, ({ rate, burst, requests }) => {
        const clock = new ManualClock();
        const bucket = new TokenBucket({ permitsPerSecond: rate, burst, clock });
        const naive = new NaiveBucket(rate, burst);
        for (const { afterMs, permits } of requests) {
          clock.advance(afterMs);
          naive.refill(clock.monotonic());
          expect(bucket.availablePermits()).toBeCloseTo(naive.level, 3);
          expect(bucket.tryAcquire(permits)).toBe(naive.tryTake(permits, clock.monotonic()));
        }
      }),
    );
  });

  it('serves each waiter in order at the very time its permits are there', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ rate, burst, requests }) => {
        const grants = await simulate(rate, burst, requests);

        const expected = naiveGrantTimes(rate, burst, requests);
        for (const [index, grant] of grants.entries()) {
          expect(grant?.at).toBeCloseTo(expected[index] ?? NaN, 3);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('grants in no window more than burst and rate allow', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ rate, burst, requests }) => {
        const grants = (await simulate(rate, burst, requests)).filter(
          (grant) => grant !== undefined,
        );

        expect(worstExcess(grants, rate, burst)).toBeLessThan(1e-3);
      }),
      { numRuns: 60 },
    );
  });

  it('exceeds that by no more than 2 ms of its rate, however late timers fire', async () => {
    const lateness = fc.double({ min: 0, max: 40, noNaN: true });
    await fc.assert(
      fc.asyncProperty(scenarios, lateness, async ({ rate, burst, requests }, lateMs) => {
        const clock = new LateClock(lateMs);
        const bucket = new TokenBucket({ permitsPerSecond: rate, burst, clock });
        const grants: Grant[] = [];
        for (const { afterMs, permits } of requests) {
          await clock.manual.advanceAsync(afterMs);
          void bucket.acquire(permits).then(() => grants.push({ at: clock.monotonic(), permits }));
        }
        await clock.manual.advanceAsync(requests.length * ((burst * 1_000) / rate + lateMs + 1));

        expect(grants).toHaveLength(requests.length);
        expect(worstExcess(grants, rate, burst)).toBeLessThan((2 * rate) / 1_000 + 1e-3);
      }),
      { numRuns: 60 },
    );
  });

  it('lets a waiter who gives up cost nobody anything', async () => {
    const cancelled = scenarios.chain((scenario) =>
      fc.record({
        scenario: fc.constant(scenario),
        index: fc.nat(scenario.requests.length - 1),
        atMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cancelled, async ({ scenario, index, atMs }) => {
        const { rate, burst, requests } = scenario;
        const before = await simulate(rate, burst, requests);
        const after = await simulate(rate, burst, requests, { index, atMs });

        // Those who came earlier get their permits when they would have, those who came later when
        // they would have without the other, but of course not before it gave up.
        const without = await simulate(rate, burst, leaveOut(requests, index));
        const gaveUp = after[index] === undefined;
        for (const [place, grant] of after.entries()) {
          if (place === index) continue;
          const alone = without[place < index ? place : place - 1]?.at ?? NaN;
          const expected = gaveUp && place > index ? Math.max(alone, atMs) : before[place]?.at;
          expect(grant?.at).toBeCloseTo(expected ?? NaN, 3);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is not moved by steps of the wall clock', async () => {
    const steps = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(scenarios, steps, async ({ rate, burst, requests }, wallSteps) => {
        const expected = await simulate(rate, burst, requests);
        const stepped = await simulate(rate, burst, requests, undefined, wallSteps);

        expect(stepped).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
