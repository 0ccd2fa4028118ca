import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly, say } from './shared.mjs';

function manifests() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  return ['.', 'benchmarks', ...folders]
    .map((folder) => join(root, folder, 'package.json'))
    .filter((file) => existsSync(file));
}

/** Changes when the dependencies do, so that an up-to-date clone starts at once. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(root, name))) {
    hash.update(readFileSync(file));
  }
  for (const file of manifests()) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** Installs the locked dependencies; `false` when they were there already. */
export function installDependencies(env) {
  const stamp = join(root, 'node_modules', '.bootstrap');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  say('installing the locked dependencies');
  rmSync(stamp, { force: true });
  const args = ['install', '--frozen-lockfile', '--reporter=append-only'];
  runQuietly('install the dependencies', 'pnpm', args, env);
  writeFileSync(stamp, wanted);
  return true;
}
