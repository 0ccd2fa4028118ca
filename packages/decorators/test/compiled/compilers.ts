import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform as transformBySwc } from '@swc/core';
import { transform as transformByEsbuild } from 'esbuild';

/** Compiles the sources into `folder`; answers where they are. */
export type Compile = (folder: string, legacy: boolean) => Promise<string>;

const here = fileURLToPath(new URL('.', import.meta.url));
const sources = ['classes', 'accessors'];
const require = createRequire(import.meta.url);

/** The compiler of TypeScript checks the types as well, and fails where they are wrong. */
function typescript(packageName: string, binary: string): Compile {
  return async (folder, legacy) => {
    const compiler = join(dirname(require.resolve(`${packageName}/package.json`)), 'bin', binary);
    const mode = ['--experimentalDecorators', String(legacy)];
    const args = [compiler, '--project', here, '--outDir', folder, ...mode];
    await promisify(execFile)(process.execPath, args);
    return join(folder, 'decorators/test/compiled');
  };
}

function transpiler(transform: (code: string, legacy: boolean) => Promise<string>): Compile {
  return async (folder, legacy) => {
    await mkdir(folder, { recursive: true });
    for (const source of sources) {
      const code = await readFile(join(here, `${source}.ts`), 'utf8');
      await writeFile(join(folder, `${source}.js`), await transform(code, legacy));
    }
    return folder;
  };
}

export const compilers: Readonly<Record<string, Compile>> = {
  'TypeScript 6': typescript('typescript', 'tsc6'),
  'TypeScript 7': typescript('@typescript/native', 'tsc'),
  esbuild: transpiler(async (code, legacy) => {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators: legacy } };
    const { code: compiled } = await transformByEsbuild(code, {
      loader: 'ts',
      target: 'node22',
      tsconfigRaw,
    });
    return compiled;
  }),
  swc: transpiler(async (code, legacy) => {
    const mode = legacy
      ? { legacyDecorator: true }
      : { decoratorVersion: '2023-11' as unknown as '2022-03' };
    const { code: compiled } = await transformBySwc(code, {
      configFile: false,
      swcrc: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: mode,
      },
    });
    return compiled;
  }),
};
