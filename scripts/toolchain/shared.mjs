import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

const windows = process.platform === 'win32';

/** One line about what is happening, apart from the task's own output. */
export function say(message) {
  console.error(`[setup] ${message}`);
}

/** Runs a command quietly; throws with what it printed when it fails. */
export function runQuietly(what, file, args, env = process.env) {
  const result = spawnSync(file, args, { cwd: root, env, encoding: 'utf8', shell: windows });
  if (result.status === 0) return result.stdout;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  throw new Error(`[setup] could not ${what}: ${result.error?.message ?? ''}\n${output}`.trim());
}

/** Installs one package of the npm registry into its own folder below .toolchain/. */
export function installTool(name, specifier) {
  const prefix = join(root, '.toolchain', name);
  mkdirSync(prefix, { recursive: true });
  runQuietly(`install ${specifier}`, 'npm', [
    'install',
    `--prefix=${prefix}`,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--global=false',
    '--loglevel=error',
    specifier,
  ]);
  return prefix;
}
