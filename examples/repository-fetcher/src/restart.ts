import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PassResult } from './pass.ts';
import type { RunOptions } from './run.ts';

const script = fileURLToPath(new URL('restarted.ts', import.meta.url));

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
export async function runAfterRestart(
  task: RestartTask,
  signal: AbortSignal,
): Promise<RestartResult> {
  const child = spawn(process.execPath, [...process.execArgv, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal,
    killSignal: 'SIGINT',
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  // A process that ends before it has read its task is reported by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(task));
  const [output, code] = await Promise.all([text(child.stdout), exited]);
  if (code !== 0) throw new Error(`the restarted process ended with code ${code}`);
  return JSON.parse(output) as RestartResult;
}
