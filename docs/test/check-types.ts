import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { blocksFolder, inTermsOfPages } from './written-block.ts';
import { root } from './pages.ts';

const compiler = join(
  dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')),
  'bin/tsc',
);

const settings = {
  noEmit: true,
  // What a block exports is read by people alone.
  declaration: false,
  isolatedDeclarations: false,
  // NestJS is written with parameter properties.
  erasableSyntaxOnly: false,
  allowJs: true,
  checkJs: true,
  moduleDetection: 'force',
};

/** As what the blocks are checked: with our settings, with legacy decorators, or with `strict` alone. */
export type Checked = 'ours' | 'legacy' | 'strict';

/** `strict` and no more: other checks do not only find more, they also let more pass. */
const strictAlone = {
  exactOptionalPropertyTypes: false,
  noUncheckedIndexedAccess: false,
  noPropertyAccessFromIndexSignature: false,
};

/** Checks all written blocks; answers what the compiler finds wrong, a line each. */
export async function checkTypes(as: Checked): Promise<string[]> {
  const legacy = as === 'legacy';
  const project = join(blocksFolder, `tsconfig.${as}.json`);
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      ...settings,
      ...(as === 'strict' ? strictAlone : {}),
      experimentalDecorators: legacy,
    },
    include: legacy ? ['**/*.legacy.ts'] : ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    exclude: legacy ? [] : ['**/*.legacy.ts', '**/*.compiled.mjs'],
  };
  await writeFile(project, JSON.stringify(config));
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiler, '--project', project], (_, stdout) => resolve(stdout));
  });
  return inTermsOfPages(output)
    .replaceAll(/(\.md)\((\d+),\d+\)/g, '$1:$2')
    .split('\n')
    .filter(Boolean);
}
