import type { PerformanceFacts as Facts, QueueLengths } from './performance-report.ts';
import { plural } from './plural.ts';

const goodHitRatio = 0.8;
const fewReads = 20;
const usualRetryRatio = 0.05;
const longWaitMs = 1_000;

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

/** What deserves a look. The last queue lengths tell a queue that grows from one that drains. */
export function findAdvice(facts: Facts, lastQueues: QueueLengths | undefined): string[] {
  return [
    ...cacheAdvice(facts),
    ...queueAdvice(facts.queues, lastQueues),
    ...limiterAdvice(facts),
    ...poolAdvice(facts),
    ...overflowAdvice(facts),
  ];
}

function* cacheAdvice({ cache }: Facts): Iterable<string> {
  if (cache === undefined) return;
  if (cache.hits + cache.misses >= fewReads && cache.hitRatio < goodHitRatio) {
    yield `cache: only ${percent(cache.hitRatio)} of reads were hits; look at the ttl, the key and maxEntries`;
  }
  if (cache.errors > 0) {
    yield `cache: ${cache.errors} store ${plural(cache.errors, 'error')}; look at the log`;
  }
}

function* queueAdvice(queues: QueueLengths, last: QueueLengths | undefined): Iterable<string> {
  if (last === undefined) return;
  for (const part of ['rateLimit', 'concurrency', 'requestConcurrency', 'pool'] as const) {
    if (queues[part] > last[part]) {
      yield `${part}: the queue grew from ${last[part]} to ${queues[part]} since the last report`;
    }
  }
}

function* limiterAdvice({ rateLimit }: Facts): Iterable<string> {
  if (rateLimit === undefined) return;
  const meanWaitMs = rateLimit.totalWaitMs / Math.max(1, rateLimit.waited);
  if (meanWaitMs >= longWaitMs) {
    yield `rateLimit: callers that waited did so for ${Math.round(meanWaitMs)} ms on average; the rate is what bounds you`;
  }
  const { timedOut } = rateLimit;
  if (timedOut > 0) yield `rateLimit: ${timedOut} ${plural(timedOut, 'caller')} timed out`;
}

function* poolAdvice({ pool }: Facts): Iterable<string> {
  if (pool === undefined) return;
  const { requests, retries, retriesRefused, failures } = pool;
  if (retries > requests * usualRetryRatio) {
    yield `pool: ${retries} ${plural(retries, 'retry', 'retries')} for ${requests} ${plural(requests, 'request')}; look at the upstream and the rate`;
  }
  if (retriesRefused > 0) {
    yield `pool: ${retriesRefused} ${plural(retriesRefused, 'retry was', 'retries were')} refused because the retry budget was spent; look at the upstream, or set retryBudgetFor`;
  }
  if (failures > 0) yield `pool: ${failures} ${plural(failures, 'request')} failed`;
}

function* overflowAdvice({ metrics }: Facts): Iterable<string> {
  for (const { name, overflowed } of metrics.metrics) {
    if (overflowed) {
      yield `metrics: ${name} has more label values than maxSeries; the rest is counted as "overflow"`;
    }
  }
}
