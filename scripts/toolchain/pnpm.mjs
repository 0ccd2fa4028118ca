import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTool, root, say } from './shared.mjs';

/** The folder with the pinned pnpm, or `undefined` when that is the one on the path. */
export function pnpmFolder() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.split('@')[1];
  const folder = join(root, '.toolchain', `pnpm-${version}`, 'node_modules', '.bin');
  if (existsSync(folder)) return folder;
  const shell = process.platform === 'win32';
  const found = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', shell });
  if (found.status === 0 && found.stdout.trim() === version) return undefined;
  say(`fetching pnpm ${version} from npm`);
  installTool(`pnpm-${version}`, `pnpm@${version}`);
  return folder;
}
