import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds the packages that the script requires. What has not changed since its build takes no time. */
export function setup(): void {
  const turbo = `${root}node_modules/turbo/bin/turbo`;
  const args = [
    'run',
    'build',
    '--filter=example-commonjs-script^...',
    '--output-logs=errors-only',
  ];
  execFileSync(process.execPath, [turbo, ...args], { cwd: root, stdio: 'inherit' });
}
