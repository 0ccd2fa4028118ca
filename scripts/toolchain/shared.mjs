import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** npm and pnpm are scripts there, which only a shell can start. */
export const needsShell = process.platform === 'win32';

/** One line about what is happening, apart from the task's own output. */
export function say(message) {
  console.error(`[setup] ${message}`);
}

/** Runs a command quietly; throws with what it printed when it fails. */
export function runQuietly(what, file, args, env = process.env) {
  const result = spawnSync(file, args, { cwd: root, env, encoding: 'utf8', shell: needsShell });
  if (result.status === 0) return result.stdout;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  throw new Error(`[setup] could not ${what}: ${result.error?.message ?? ''}\n${output}`.trim());
}

/**
 * Installs one package of the npm registry into its own folder below .toolchain/ and answers that
 * folder. It gets its name only when it is whole, so that an interrupted installation is none.
 */
export function installTool(name, specifier) {
  const folder = join(root, '.toolchain', name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  say(`fetching ${specifier} from npm`);
  mkdirSync(partial, { recursive: true });
  try {
    // Settings of the user's own npm must not decide where or whether this is installed.
    runQuietly(`install ${specifier}`, 'npm', [
      'install',
      `--prefix=${needsShell ? `"${partial}"` : partial}`,
      '--location=project',
      '--dry-run=false',
      '--package-lock-only=false',
      '--bin-links=true',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      specifier,
    ]);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
