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
  readonly requestConcurrency: number;
  readonly pool: number;
}

/** What the parts of an optimizer did. A part that is switched off is `undefined`. */
export interface PerformanceFacts {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly cache: CacheStats | undefined;
  readonly rateLimit: RateLimiterStats | undefined;
  /** The limit of your functions. */
  readonly concurrency: SemaphoreStats | undefined;
  /** The limit of the pool's requests. */
  readonly requestConcurrency: SemaphoreStats | undefined;
  readonly pool: PoolStats | undefined;
  /** Everything in the registry; empty when metrics are switched off. */
  readonly metrics: RegistrySnapshot;
  readonly queues: QueueLengths;
}

/** The facts, and what to make of them. */
export interface PerformanceReport extends PerformanceFacts {
  /** What deserves a look, in words; empty when nothing does. */
  readonly advice: readonly string[];
  /** The report as text for a terminal. */
  toString(): string;
}

/** What a report is made of. */
export interface ReportSources extends Omit<PerformanceFacts, 'queues'> {
  readonly metricsText: string;
  readonly lastQueues: QueueLengths | undefined;
}

export function createReport({
  metricsText,
  lastQueues,
  ...sources
}: ReportSources): PerformanceReport {
  const facts: PerformanceFacts = {
    ...sources,
    queues: {
      rateLimit: sources.rateLimit?.queued ?? 0,
      concurrency: sources.concurrency?.queued ?? 0,
      requestConcurrency: sources.requestConcurrency?.queued ?? 0,
      pool: sources.pool?.queued ?? 0,
    },
  };
  const report = { ...facts, advice: findAdvice(facts, lastQueues) };
  Object.defineProperty(report, 'toString', { value: () => formatReport(report, metricsText) });
  return report;
}
