import assert from 'node:assert/strict';
import {
  circuitBreaker,
  ConsecutiveBreaker,
  CountBreaker,
  handleAll,
  type IBreaker,
  SamplingBreaker,
} from 'cockatiel';
import OpossumBreaker from 'opossum';
import { Breaker, type BreakerOptions } from '@x/ratelimit';
import type { Suite } from '../harness/suite.ts';

type Run = (work: () => Promise<number>) => Promise<number>;

const ours = (options: BreakerOptions) => (): Run => {
  const breaker = new Breaker(options);
  return (work) => breaker.run(work);
};

const cockatiel = (breaker: () => IBreaker) => (): Run => {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker: breaker() });
  return (work) => policy.execute(work);
};

const calls = 300_000;

export const suite: Suite<Run> = {
  contenders: {
    'await alone': () => (work) => work(),
    'ours, in a row': ours({ consecutiveFailures: 5 }),
    'ours, last 100 calls': ours({ window: { calls: 100 } }),
    'ours, last 10 s': ours({ window: { durationMs: 10_000 } }),
    'cockatiel, in a row': cockatiel(() => new ConsecutiveBreaker(5)),
    'cockatiel, last 100 calls': cockatiel(() => new CountBreaker({ threshold: 0.5, size: 100 })),
    'cockatiel, last 10 s': cockatiel(
      () => new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
    ),
    opossum: () => {
      const breaker = new OpossumBreaker((work: () => Promise<number>) => work(), {
        timeout: false,
      });
      return (work) => breaker.fire(work);
    },
  },
  cases: {
    success: async (run, probe) => {
      let count = 0;
      const work = async (): Promise<number> => count++;
      assert.equal(await run(work), 0);
      await probe.time(calls, async () => {
        for (let call = 0; call < calls; call++) await run(work);
      });
      assert.equal(count, 1 + 7 * calls);
    },
  },
};
