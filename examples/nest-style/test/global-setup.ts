import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Compiles the application, and before that what it requires; what has not changed takes no time. */
export function setup(): void {
  const turbo = join(root, 'node_modules/turbo/bin/turbo');
  const args = ['run', 'build', '--filter=example-nest-style', '--output-logs=errors-only'];
  execFileSync(process.execPath, [turbo, ...args], { cwd: root, stdio: 'inherit' });
}
