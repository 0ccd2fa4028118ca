import { spawnSync } from 'node:child_process';
import { needsShell } from '../toolchain/shared.mjs';

/** Runs a command to its end and answers what it printed; throws with all of it when it fails. */
export function run(file, args, options = {}) {
  const shell = needsShell && ['npm', 'pnpm'].includes(file);
  const result = spawnSync(file, args, { encoding: 'utf8', shell, maxBuffer: 2 ** 26, ...options });
  if (result.status === 0) return result.stdout;
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`;
  // A line of minified code would hide the message.
  const readable = output.replaceAll(/^(.{400}).+$/gm, '$1…');
  throw new Error(`${[file, ...args].join(' ')} failed\n${readable}`);
}
