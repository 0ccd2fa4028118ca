// What each wrapper costs, over a bare call, the same by hand, and the peer that does it.
import assert from 'node:assert/strict';
import {
  circuitBroken,
  concurrencyLimited,
  monitored,
  policies,
  rateLimited,
  retried,
  timeLimited,
} from '@x/decorators';
import { Registry } from '@x/metrics';
import { Breaker, Semaphore, TokenBucket } from '@x/ratelimit';
import { ExponentialBackoff, handleAll, retry, timeout, TimeoutStrategy } from 'cockatiel';
import type { Case, Suite } from '../harness/suite.ts';
import { awaited, called, type Job, measureByTurns } from './turns.ts';

type Load = (id: number) => Promise<number>;

const load: Load = async (id) => id;
const double = (value: number): number => value * 2;
const timeoutMs = 10_000;

function asynchronously(wrapped: Readonly<Record<string, Load>>): Case<undefined> {
  return async (_, probe) => {
    const jobs: Record<string, Job> = {};
    for (const [name, fn] of Object.entries(wrapped)) {
      assert.equal(await fn(5), 5, name);
      jobs[name] = awaited(fn);
    }
    await measureByTurns(probe, 20_000, jobs);
  };
}

async function monitoredCase(...[, probe]: Parameters<Case<undefined>>): Promise<void> {
  const registry = new Registry();
  const timer = registry.timer('by_hand', { labelNames: ['function'] }).labels('double');
  const wrapped = monitored(registry)(double);
  assert.equal(wrapped(2), 4);
  await measureByTurns(probe, 100_000, {
    bare: called(double),
    'by hand': called((value) => timer.time(() => double(value))),
    ours: called(wrapped),
  });
}

const bucket = new TokenBucket({ permitsPerSecond: 1e9, burst: 1e9 });
const semaphore = new Semaphore({ permits: 10 });
const breaker = new Breaker();
const registry = new Registry();
const loadTimer = registry.timer('load_by_hand');
const cockatielRetry = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
const cockatielTimeout = timeout(timeoutMs, TimeoutStrategy.Aggressive);
const cooperativeTimeout = timeout(timeoutMs, TimeoutStrategy.Cooperative);

export const suite: Suite<undefined> = {
  contenders: { 'by turns': () => undefined },
  cases: {
    'monitored, synchronous': monitoredCase,
    monitored: asynchronously({
      bare: load,
      'by hand': (id) => loadTimer.time(() => load(id)),
      ours: monitored(registry)(load),
    }),
    rateLimited: asynchronously({
      'by hand': async (id) => {
        await bucket.acquire();
        return load(id);
      },
      bare: load,
      ours: rateLimited(bucket)(load),
    }),
    concurrencyLimited: asynchronously({
      'by hand': (id) => semaphore.run(() => load(id)),
      bare: load,
      ours: concurrencyLimited(semaphore)(load),
    }),
    circuitBroken: asynchronously({
      'by hand': (id) => breaker.run(() => load(id)),
      bare: load,
      ours: circuitBroken(breaker)(load),
    }),
    retried: asynchronously({
      cockatiel: (id) => cockatielRetry.execute(() => load(id)),
      bare: load,
      ours: retried()(load),
    }),
    timeLimited: asynchronously({
      cockatiel: (id) => cockatielTimeout.execute(() => load(id)),
      'cockatiel, cooperative': (id) => cooperativeTimeout.execute(() => load(id)),
      bare: load,
      ours: timeLimited({ timeoutMs })(load),
      'ours, with a signal': timeLimited({ timeoutMs, withSignal: ([id], signal) => [id, signal] })(
        load,
      ),
    }),
    'policies(...) of six': asynchronously({
      bare: load,
      ours: policies(
        monitored(registry, 'six'),
        circuitBroken(breaker),
        retried(),
        rateLimited(bucket),
        concurrencyLimited(semaphore),
        timeLimited({ timeoutMs }),
      )(load),
    }),
  },
};
