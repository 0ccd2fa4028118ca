import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';

const resolveDir = fileURLToPath(new URL('..', import.meta.url));

/** Takes no package's word for it that its modules do nothing by themselves. */
const distrustful: Plugin = {
  name: 'distrustful',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(?:@x\/|\.)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === distrustful) return;
      return { ...(await resolve(path, { ...from, pluginData: distrustful })), sideEffects: true };
    });
  },
};

/** What of the toolkit is in a program of `source` that a bundler took what is unused out of. */
async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@x/source'],
    external: ['better-sqlite3', 'fflate', 'picomatch', 'tdigest', 'undici'],
    plugins: [distrustful],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

const classesIn = (text: string): unknown[] =>
  Array.from(text.matchAll(/\b(\w+) = class\b/g), ([, name]) => name);

describe('a bundle', () => {
  it('has no class of the toolkit in it when none is used', async () => {
    expect(classesIn(await bundled("import '@x/performance';"))).toEqual([]);
  });

  it('has no cache in it when a limiter is used', async () => {
    const classes = classesIn(await bundled("export { TokenBucket } from '@x/performance';"));

    expect(classes).toContain('GatedLimiter');
    expect(classes.join(' ')).not.toMatch(/Cache|Store|Registry|Pool|Semaphore|Breaker/);
  });
});
