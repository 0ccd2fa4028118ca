import type { PerformanceFacts as Facts, QueueLengths } from './performance-report.ts';

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
  if (cache.errors > 0) yield `cache: ${cache.errors} store errors; look at the log`;
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
  if (rateLimit.timedOut > 0) yield `rateLimit: ${rateLimit.timedOut} callers timed out`;
}

function* poolAdvice({ pool }: Facts): Iterable<string> {
  if (pool === undefined) return;
  if (pool.retries > pool.requests * usualRetryRatio) {
    yield `pool: ${pool.retries} retries for ${pool.requests} requests; look at the upstream and the rate`;
  }
  if (pool.retriesRefused > 0) {
    yield `pool: ${pool.retriesRefused} retries were refused because the retry budget was spent; look at the upstream, or set retryBudgetFor`;
  }
  if (pool.failures > 0) yield `pool: ${pool.failures} requests failed`;
}

function* overflowAdvice({ metrics }: Facts): Iterable<string> {
  for (const { name, overflowed } of metrics.metrics) {
    if (overflowed) {
      yield `metrics: ${name} has more label values than maxSeries; the rest is counted as "overflow"`;
    }
  }
}
