import { packageRequest } from './package-request.ts';
import { distil, type PackageRecord, type RegistryMetadata } from './package-record.ts';
import type { PackageFailure, PassResult } from './pass.ts';
import type { Progress } from './progress.ts';
import { watchTraffic } from './traffic.ts';

/** What a pass without the toolkit took and did. */
export type NaivePassResult = Pick<
  PassResult,
  'label' | 'totalMs' | 'requestsSent' | 'connectionsOpened' | 'failures'
>;

async function fetchPackage(registry: string, name: string): Promise<PackageRecord> {
  const { url, headers } = packageRequest(registry, name);
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return distil((await response.json()) as RegistryMetadata);
}

/**
 * Fetches every package by nothing but Node's `fetch`, `batchSize` at a time: no cache, no limit of
 * rate, no second attempt.
 */
export async function runNaivePass(
  label: string,
  batchSize: number,
  names: readonly string[],
  registry: string,
  progress: Progress,
): Promise<NaivePassResult> {
  const traffic = watchTraffic();
  const failures: PackageFailure[] = [];
  let done = 0;
  const fetchOne = async (name: string): Promise<void> => {
    try {
      await fetchPackage(registry, name);
    } catch (error) {
      failures.push({ name, message: error instanceof Error ? error.message : String(error) });
    }
    progress.step(++done, failures.length);
  };

  const startedAt = performance.now();
  for (let begin = 0; begin < names.length; begin += batchSize) {
    await Promise.all(names.slice(begin, begin + batchSize).map(fetchOne));
  }
  const totalMs = performance.now() - startedAt;
  progress.end();
  return { label, totalMs, ...traffic.counts(), failures };
}
