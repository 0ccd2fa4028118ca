import { ToolkitError, type PerformanceOptimizer } from '@x/performance';
import type { OptimizedRepositoryFetcher } from './optimized-repository-fetcher.ts';
import type { Progress } from './progress.ts';

/** What one pass over all packages took and did. */
export interface PassResult {
  readonly label: string;
  readonly packages: number;
  readonly failures: readonly PackageFailure[];
  readonly totalMs: number;
  readonly packagesPerSecond: number;
  readonly hitRatio: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly requestsSent: number;
  readonly connectionsOpened: number;
  readonly retries: number;
  readonly limiterWaits: number;
  readonly limiterWaitMs: number;
  readonly bytesReceived: number;
}

/** A package that could not be read. */
export interface PackageFailure {
  readonly name: string;
  readonly message: string;
}

interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly requestsSent: number;
  readonly connectionsOpened: number;
  readonly retries: number;
  readonly limiterWaits: number;
  readonly limiterWaitMs: number;
  readonly bytesReceived: number;
}

async function countsOf(optimizer: PerformanceOptimizer): Promise<Counts> {
  const { cache, pool, rateLimit } = await optimizer.report();
  return {
    hits: cache?.hits ?? 0,
    misses: cache?.misses ?? 0,
    requestsSent: pool?.attempts ?? 0,
    connectionsOpened: pool?.connectionsOpened ?? 0,
    retries: pool?.retries ?? 0,
    limiterWaits: rateLimit?.waited ?? 0,
    limiterWaitMs: rateLimit?.totalWaitMs ?? 0,
    bytesReceived: pool?.bytesReceived ?? 0,
  };
}

/** Fetches every package, all at once: it is the optimizer that keeps within its limits. */
export async function runPass(
  label: string,
  names: readonly string[],
  fetcher: OptimizedRepositoryFetcher,
  progress: Progress,
): Promise<PassResult> {
  const { optimizer } = fetcher;
  const durations = optimizer.registry.timer('pass_package', { labelNames: ['pass'] });
  const duration = durations.labels(label);
  const before = await countsOf(optimizer);
  const failures: PackageFailure[] = [];
  let done = 0;

  const startedAt = performance.now();
  await Promise.all(
    names.map(async (name) => {
      const begunAt = performance.now();
      try {
        await fetcher.fetchPackage(name);
      } catch (error) {
        // The user interrupted: this package did not fail, it was not asked for.
        if (ToolkitError.isToolkitError(error) && error.code === 'ERR_CLOSED') return;
        failures.push({ name, message: error instanceof Error ? error.message : String(error) });
      }
      duration.record(performance.now() - begunAt);
      progress.step(++done, failures.length);
    }),
  );
  const totalMs = performance.now() - startedAt;
  progress.end();

  const after = await countsOf(optimizer);
  const hits = after.hits - before.hits;
  const reads = hits + after.misses - before.misses;
  return {
    label,
    packages: names.length,
    failures,
    totalMs,
    packagesPerSecond: names.length / (totalMs / 1_000),
    hitRatio: reads === 0 ? 0 : hits / reads,
    ...quantiles(optimizer, label),
    requestsSent: after.requestsSent - before.requestsSent,
    connectionsOpened: after.connectionsOpened - before.connectionsOpened,
    retries: after.retries - before.retries,
    limiterWaits: after.limiterWaits - before.limiterWaits,
    limiterWaitMs: after.limiterWaitMs - before.limiterWaitMs,
    bytesReceived: after.bytesReceived - before.bytesReceived,
  };
}

function quantiles(
  optimizer: PerformanceOptimizer,
  pass: string,
): Pick<PassResult, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const metric = optimizer.registry.find('pass_package');
  const series =
    metric?.kind === 'timer'
      ? metric.series.find(({ labels }) => labels['pass'] === pass)
      : undefined;
  return { p50Ms: series?.p50 ?? 0, p95Ms: series?.p95 ?? 0, p99Ms: series?.p99 ?? 0 };
}
