import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { defineConfig, type Plugin } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const conditions = ['@x/source', 'module', 'node', 'development|production'];

/** Vite's own transform leaves standard decorators in the code, and no Node can run them. */
const lowerDecorators: Plugin = {
  name: 'lower-decorators',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.endsWith('.ts') || !/^\s*@[\w$]/m.test(code)) return undefined;
    const tsconfigRaw = id.endsWith('.legacy.test.ts')
      ? { compilerOptions: { experimentalDecorators: true } }
      : {};
    const result = await transform(code, {
      loader: 'ts',
      target: 'node22',
      sourcefile: id,
      sourcemap: true,
      tsconfigRaw,
    });
    return { code: result.code, map: result.map };
  },
};

const folders = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(`${root}${parent}`)
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(`${root}${folder}/test`)),
);

/** What a folder's tests need before the first of them, such as a build. */
const globalSetup = (folder: string): string[] =>
  [`${root}${folder}/test/global-setup.ts`].filter((file) => existsSync(file));

const nodeMajor = process.versions.node.split('.')[0];

export default defineConfig({
  test: {
    // Not how long a test may take on a quiet machine, but when it counts as hanging.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json'],
    outputFile: { json: `${root}.cache/test-results/node-${nodeMajor}.json` },
    coverage: {
      // What tests do in processes of their own does not count. Raise these when they can be.
      thresholds: { statements: 95, branches: 91, functions: 95, lines: 96 },
      include: ['**/packages/*/src/**/*.ts', 'src/**/*.ts'],
      exclude: ['**/packages/testkit/**', '**/examples/**', '**/benchmarks/**'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: `${root}coverage`,
    },
    projects: [
      ...folders.map((folder) => ({
        extends: true as const,
        root: `${root}${folder}`,
        test: {
          name: folder.replace(/^packages\//, ''),
          include: ['test/**/*.test.ts'],
          globalSetup: globalSetup(folder),
        },
      })),
      {
        extends: true,
        root: `${root}docs`,
        test: { name: 'documents', include: ['test/**/*.test.ts'] },
      },
      {
        extends: true,
        root: `${root}packages/pool`,
        resolve: { alias: { undici: 'undici-7' } },
        test: { name: 'pool-undici-7', include: ['test/**/*.test.ts'] },
      },
    ],
  },
  plugins: [lowerDecorators],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
