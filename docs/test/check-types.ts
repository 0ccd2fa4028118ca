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

/** Checks all written blocks; answers what the compiler finds wrong, a line each. */
export async function checkTypes(legacy: boolean): Promise<string[]> {
  const project = join(blocksFolder, legacy ? 'tsconfig.legacy.json' : 'tsconfig.json');
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { ...settings, experimentalDecorators: legacy },
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
