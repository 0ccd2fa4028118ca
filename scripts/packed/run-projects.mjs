import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../toolchain/shared.mjs';
import { run } from './run.mjs';

const jest = join('node_modules', 'jest', 'bin', 'jest.js');

/** undici is CommonJS, whose `require` an ES module has to be given. */
const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** Bundles everything but better-sqlite3, whose native part no bundler can put into a file. */
function bundle(folder, format) {
  const outfile = join(folder, 'bundled', format === 'esm' ? 'main.mjs' : 'main.cjs');
  buildSync({
    entryPoints: [join(folder, 'esm', 'main.js')],
    outfile,
    format,
    bundle: true,
    minify: true,
    platform: 'node',
    external: ['better-sqlite3'],
    banner: format === 'esm' ? { js: banner } : {},
  });
  return outfile;
}

/** Compiles with every check on, that of the declaration files included. */
function compile(folder, compiler) {
  const project = join(folder, 'types');
  copyFileSync(join(project, 'packages.mts'), join(project, 'packages.cts'));
  const typeRoots = join(root, 'node_modules', '@types');
  run(join(root, 'node_modules', '.bin', compiler), ['--typeRoots', typeRoots], { cwd: project });
}

/** The kinds of project; `node` runs a script on the Node asked for. */
const kinds = {
  ESM: ({ node }) => node('esm/main.js'),
  CommonJS: ({ node }) => node('commonjs/main.js'),
  'ESM and CommonJS in one process': ({ node }) => node('both/main.js'),
  'jest, CommonJS': ({ node }) => node(jest, '--rootDir=jest', 'commonjs'),
  'jest, ESM': ({ node }) => node('--experimental-vm-modules', jest, '--rootDir=jest', 'esm'),
  'esbuild, to ESM': ({ folder, node }) => node(bundle(folder, 'esm')),
  'esbuild, to CommonJS': ({ folder, node }) => node(bundle(folder, 'cjs')),
};

const compilers = { 'TypeScript 7': 'tsc', 'TypeScript 6': 'tsc6' };

function report(what, action) {
  const startedAt = performance.now();
  action();
  console.log(`${what}: works (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
}

/** Uses the packages that are installed in `folder` in every kind of project, on the Node at `file`. */
export function runProjects(folder, file) {
  const version = run(file, ['--version']).trim();
  const node = (...args) => {
    const data = mkdtempSync(join(folder, 'data-'));
    run(file, args, { cwd: folder, env: { ...process.env, DATA_FOLDER: data } });
  };
  for (const [name, project] of Object.entries(kinds)) {
    report(`${name}, Node ${version}`, () => project({ folder, node }));
  }
}

/** Compiles a project that uses the packages installed in `folder`. */
export function compileProject(folder) {
  for (const [name, compiler] of Object.entries(compilers)) {
    report(name, () => compile(folder, compiler));
  }
}
