import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of this folder in a process of its own, which reads `task` as JSON and answers as JSON.
 *
 * @throws Error when the process ends with another code than 0
 */
export async function runScript<Answer>(
  script: string,
  task: unknown,
  signal: AbortSignal,
): Promise<Answer> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, path], {
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
  if (code !== 0) throw new Error(`the process of ${script} ended with code ${code}`);
  return JSON.parse(output) as Answer;
}
