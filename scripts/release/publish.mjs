import { spawnSync } from 'node:child_process';
import { publicPackages } from '../packed/public-packages.mjs';
import { needsShell, root } from '../toolchain/shared.mjs';

/** npm accepts provenance only for a package whose manifest names the repository that builds it. */
function checkRepository() {
  const missing = publicPackages().filter(({ manifest }) => manifest.repository === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ manifest }) => manifest.name).join(', ');
  throw new Error(
    `repository must be set in package.json before the first release; it is missing in ${names}`,
  );
}

function runAll(commands) {
  const env = { ...process.env, npm_config_provenance: 'true', pnpm_config_provenance: 'true' };
  for (const [file, ...args] of commands) {
    const { status } = spawnSync(file, args, {
      cwd: root,
      env,
      stdio: 'inherit',
      shell: needsShell,
    });
    if (status !== 0)
      throw new Error(`${[file, ...args].join(' ')} failed; nothing further was done`);
  }
}

/** Builds, checks the packages, and publishes those whose version is not on npm yet. */
export async function publish() {
  checkRepository();
  runAll([
    ['pnpm', 'build'],
    ['pnpm', 'check:packages'],
    ['pnpm', 'exec', 'changeset', 'publish'],
  ]);
}
