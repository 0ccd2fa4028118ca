import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { root } from '../toolchain/shared.mjs';

const { engines, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const same = {
  license,
  files: ['dist', 'src'],
  type: 'module',
  sideEffects: false,
  main: './dist/index.cjs',
  types: './dist/index.d.ts',
  exports: {
    '.': {
      '@x/source': './src/index.ts',
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
    },
    './package.json': './package.json',
  },
  engines,
  publishConfig: { access: 'public', provenance: true },
};

/** What is wrong with the manifest of a public package: one line each. */
export function checkManifest({ manifest }) {
  const problems = Object.entries(same)
    .filter(([field, value]) => !isDeepStrictEqual(manifest[field], value))
    .map(([field, value]) => `${field} must be ${JSON.stringify(value)}`);
  if (!manifest.description) problems.push('description is missing');
  if (!(manifest.keywords?.length > 0)) problems.push('keywords are missing');
  return [...problems, ...checkRanges(manifest)];
}

/** The packages of the toolkit are released together and ask for each other's version. */
function checkRanges({ name, version, dependencies = {} }) {
  const scope = name.split('/')[0];
  return Object.entries(dependencies)
    .filter(([dependency, range]) => dependency.startsWith(`${scope}/`) && range !== `^${version}`)
    .map(([dependency, range]) => `${dependency} must be ^${version}, not ${range}`);
}
