import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { days, PerformanceOptimizer } from '@x/performance';
import type { CliOptions } from './cli-options.ts';
import type { NaivePassResult } from './naive-pass.ts';
import { OptimizedRepositoryFetcher } from './optimized-repository-fetcher.ts';
import { runPass, type PassResult } from './pass.ts';
import { createProgress } from './progress.ts';
import { proxySetting } from './proxy.ts';
import type { Source } from './source.ts';

/** What all passes together did. */
export interface RunResult {
  readonly source: string;
  readonly packages: number;
  readonly passes: readonly PassResult[];
  /** How many times faster per package a pass was than the cold one; none without a cold one. */
  readonly speedUp: Readonly<Record<string, number>> | undefined;
  /** The same without the toolkit, if asked for. */
  readonly naive: readonly NaivePassResult[] | undefined;
  /** What the optimizer of each process said of itself, as text. */
  readonly reports: readonly string[];
}

/** How a process asks, and where it keeps what it got. */
export type RunOptions = Pick<CliOptions, 'rate' | 'cacheFolder'>;

/** An optimizer over the persistent cache of `source`, with a part of it in memory. */
function openOptimizer(source: Source, options: RunOptions): Promise<PerformanceOptimizer> {
  return PerformanceOptimizer.open({
    cache: {
      backend: 'sqlite',
      directory: join(options.cacheFolder, source.id),
      defaultTtlMs: days(1),
      maxEntries: 10_000,
      maxMemoryEntries: 1_000,
      compression: true,
    },
    rateLimit: { permitsPerSecond: options.rate, burst: options.rate },
    pool: { maxConnectionsPerOrigin: 10, proxy: proxySetting() },
  });
}

/** Removes what earlier runs kept of `source`. */
export async function emptyCache(source: Source, options: RunOptions): Promise<void> {
  await rm(join(options.cacheFolder, source.id), { recursive: true, force: true });
}

/**
 * The passes of one process, in order, over one optimizer. `interrupted` closes the optimizer early,
 * which fails what is still waiting; what was fetched by then stays in the cache.
 */
export async function runPasses(
  labels: readonly string[],
  names: readonly string[],
  source: Source,
  options: RunOptions,
  interrupted: AbortSignal,
): Promise<{ passes: PassResult[]; report: string }> {
  const optimizer = await openOptimizer(source, options);
  const fetcher = new OptimizedRepositoryFetcher(optimizer, source.address);
  // What fails in closing fails again below, where it is waited for.
  const stop = (): void => void optimizer.close({ timeoutMs: 1_000 }).catch(() => {});
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    const passes: PassResult[] = [];
    for (const label of labels) {
      interrupted.throwIfAborted();
      passes.push(await runPass(label, names, fetcher, createProgress(label, names.length)));
    }
    interrupted.throwIfAborted();
    return { passes, report: String(await optimizer.report()) };
  } finally {
    interrupted.removeEventListener('abort', stop);
    await optimizer.close();
  }
}

const coldPassMostlyMissed = 0.1;

/** How many times faster each later pass was than the first, if that one was cold. */
export function speedUps(passes: readonly PassResult[]): RunResult['speedUp'] {
  const [cold, ...warm] = passes;
  if (cold === undefined || cold.hitRatio > coldPassMostlyMissed) return undefined;
  const perPackage = (pass: PassResult): number => pass.totalMs / pass.packages;
  return Object.fromEntries(warm.map((pass) => [pass.label, perPackage(cold) / perPackage(pass)]));
}
