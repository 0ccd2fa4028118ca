import type { NaivePassResult } from './naive-pass.ts';
import { runScript } from './run-script.ts';
import type { Source } from './source.ts';

/** What the process of a naive pass is told. */
export interface NaiveTask {
  readonly label: string;
  /** How many packages are fetched at a time. */
  readonly batchSize: number;
  readonly names: readonly string[];
  readonly registry: string;
}

/**
 * The same packages without the toolkit, in the two ways that come to mind first. Each has a process
 * of its own, so that none finds the connections of the other open.
 */
export async function runNaively(
  names: readonly string[],
  { address: registry }: Source,
  signal: AbortSignal,
): Promise<NaivePassResult[]> {
  const passes: NaivePassResult[] = [];
  for (const [label, batchSize] of [
    ['fetch, all at once', names.length],
    ['fetch, ten at a time', 10],
  ] as const) {
    const task: NaiveTask = { label, batchSize, names, registry };
    passes.push(await runScript<NaivePassResult>('naive.ts', task, signal));
  }
  return passes;
}
