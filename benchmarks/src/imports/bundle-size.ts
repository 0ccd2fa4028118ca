import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const resolveDir = fileURLToPath(new URL('../..', import.meta.url));

export interface BundleSize {
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
}

/** How much of the packages ends up in a program that has `source` in it, by esbuild. */
export async function measureBundle(
  source: string,
  external: readonly string[],
): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: [...external],
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  return {
    minifiedBytes: file.contents.length,
    gzipBytes: gzipSync(file.contents, { level: 9 }).length,
  };
}
