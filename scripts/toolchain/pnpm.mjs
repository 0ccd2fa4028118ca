import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTool, needsShell, root } from './shared.mjs';

/** The folder with the pinned pnpm, or `undefined` when that is the one on the path. */
export function pnpmFolder() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.split('@')[1];
  const found = spawnSync('pnpm', ['--version'], {
    cwd: root,
    encoding: 'utf8',
    shell: needsShell,
  });
  if (found.status === 0 && found.stdout.trim() === version) return undefined;
  return join(installTool(`pnpm-${version}`, packageManager), 'node_modules', '.bin');
}
