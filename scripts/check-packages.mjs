// Packs every public package with `npm pack`, installs the tarballs into an empty project and loads
// each from ESM and from CommonJS: both must offer the same names. Needs `pnpm build` first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needsShell, root } from './toolchain/shared.mjs';

function run(file, args, cwd) {
  const shell = needsShell && file === 'npm';
  const result = spawnSync(file, args, { cwd, encoding: 'utf8', shell });
  if (result.status === 0) return result.stdout;
  throw new Error(`${file} ${args.join(' ')} failed\n${result.stdout}${result.stderr}`);
}

function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => !manifest.private);
}

/** Prints the export names of a package as each module system sees them. */
const loader = `
import { createRequire } from 'node:module';
const names = (module) => Object.keys(module).filter((name) => name !== 'default' && name !== 'module.exports').sort();
const require = createRequire(import.meta.url);
const [, , name] = process.argv;
console.log(JSON.stringify({ esm: names(await import(name)), cjs: names(require(name)) }));
`;

function checkLoading(project, name) {
  const { esm, cjs } = JSON.parse(run(process.execPath, ['load.mjs', name], project));
  if (esm.length === 0) throw new Error(`${name} exports nothing`);
  if (esm.join() !== cjs.join()) throw new Error(`${name}: ESM has ${esm}, CommonJS has ${cjs}`);
  return esm.length;
}

const project = mkdtempSync(join(tmpdir(), 'packed-'));
try {
  const packages = publicPackages();
  const tarballs = packages.map(({ folder }) => {
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${project}`], folder),
    );
    return `./${packed.filename}`;
  });
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(project, 'load.mjs'), loader);
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], project);
  for (const { manifest } of packages) {
    console.log(
      `${manifest.name}: ${checkLoading(project, manifest.name)} names, ESM and CommonJS`,
    );
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
