import type { CacheStats } from '@x/cache-core';
import type { RegistrySnapshot } from '@x/metrics';
import type { PoolStats } from '@x/pool';
import type { RateLimiterStats, SemaphoreStats } from '@x/ratelimit';
import { findAdvice } from './advice.ts';
import { formatReport } from './format-report.ts';

/** How many callers wait in front of each part. */
export interface QueueLengths {
  readonly rateLimit: number;
  readonly concurrency: number;
  readonly pool: number;
}

/** What the parts of an optimizer did. A part that is switched off is `undefined`. */
export interface PerformanceReport {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly cache: CacheStats;
  readonly rateLimit: RateLimiterStats | undefined;
  readonly concurrency: SemaphoreStats | undefined;
  readonly pool: PoolStats | undefined;
  readonly metrics: RegistrySnapshot;
  readonly queues: QueueLengths;
  /** What deserves a look, in words; empty when nothing does. */
  readonly advice: readonly string[];
  /** The report as text for a terminal. */
  toString(): string;
}

/** What a report is made of. */
export interface ReportSources {
  readonly takenAt: number;
  readonly cache: CacheStats;
  readonly metrics: RegistrySnapshot;
  readonly metricsText: string;
  readonly limiter: RateLimiterStats | undefined;
  readonly semaphore: SemaphoreStats | undefined;
  readonly pool: PoolStats | undefined;
  readonly lastQueues: QueueLengths | undefined;
}

export function createReport(sources: ReportSources): PerformanceReport {
  const { takenAt, cache, limiter, semaphore, pool, metrics } = sources;
  const facts = {
    takenAt,
    cache,
    rateLimit: limiter,
    concurrency: semaphore,
    pool,
    metrics,
    queues: {
      rateLimit: limiter?.queued ?? 0,
      concurrency: semaphore?.queued ?? 0,
      pool: pool?.queued ?? 0,
    },
  };
  const advice = findAdvice(facts, sources.lastQueues);
  const report = { ...facts, advice };
  Object.defineProperty(report, 'toString', {
    value: () => formatReport(report, sources.metricsText),
  });
  return report;
}
