import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const own = ['cache-open-error', 'part-disabled-error', 'performance-optimizer'];

/** What is exported once all of it was put into one file, as our build and that of many users do. */
async function bundled(): Promise<Record<string, unknown>> {
  const outfile = join(temporaryFolder(), 'bundle.mjs');
  const modules = ['@x/pool', ...own.map((name) => `../src/${name}.ts`)];
  await build({
    stdin: {
      contents: modules.map((name) => `export * from '${name}';`).join('\n'),
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@x/source'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    outfile,
  });
  return (await import(pathToFileURL(outfile).href)) as Record<string, unknown>;
}

describe('a class in a bundle', () => {
  it('has the name that it is exported by, which console.log and stacks show', async () => {
    const classes = Object.entries(await bundled()).filter(
      (entry): entry is [string, () => unknown] =>
        typeof entry[1] === 'function' && /^class\b/.test(String(entry[1])),
    );

    expect(classes.length).toBeGreaterThan(20);
    expect(classes.map(([, { name }]) => name)).toEqual(classes.map(([name]) => name));
  });
});
