// Packs every public package as it would be published and looks at the tarballs; then installs them into an
// empty folder and uses them from ESM, CommonJS, jest, a bundler and TypeScript. Needs `pnpm build` first.
//
//   node scripts/check-packages.mjs [--node 22|24|26]... [--keep]
//
// With --node the projects run on those versions instead of the running one. --keep leaves the folder.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inspectPackages } from './packed/inspect-packages.mjs';
import { pack } from './packed/pack.mjs';
import { publicPackages } from './packed/public-packages.mjs';
import { run } from './packed/run.mjs';
import { compileProject, runProjects } from './packed/run-projects.mjs';
import { nodeFolder } from './toolchain/node.mjs';

/** Not among the dependencies of the repository: nothing else needs it, and it has hundreds of its own. */
const jest = 'jest@~30.5.2';
const projects = fileURLToPath(new URL('packed/projects', import.meta.url));

function nodeOf(major) {
  const folder = nodeFolder(major);
  return folder === undefined ? process.execPath : join(folder, 'node');
}

function install(packed, folder) {
  cpSync(projects, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const tarballs = packed.map(({ tarball }) => tarball);
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  run('npm', [...args, ...tarballs, jest], { cwd: folder });
}

const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: [process.versions.node.split('.')[0]] },
    keep: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'packed-'));
try {
  const packed = pack(publicPackages(), folder);
  await inspectPackages(packed);
  install(packed, folder);
  compileProject(folder);
  for (const major of values.node) runProjects(folder, nodeOf(major));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  if (values.keep) console.log(folder);
  else rmSync(folder, { recursive: true, force: true });
}
