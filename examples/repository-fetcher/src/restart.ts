import type { PassResult } from './pass.ts';
import type { RunOptions } from './run.ts';
import { runScript } from './run-script.ts';

/** What the other process is told. */
export interface RestartTask {
  readonly names: readonly string[];
  readonly source: { readonly id: string; readonly description: string; readonly address: string };
  readonly options: RunOptions;
}

/** What the other process answers. */
export interface RestartResult {
  readonly passes: PassResult[];
  readonly report: string;
}

/** Runs the last pass in a process of its own, which knows nothing but the files of the cache. */
export function runAfterRestart(task: RestartTask, signal: AbortSignal): Promise<RestartResult> {
  return runScript<RestartResult>('restarted.ts', task, signal);
}
