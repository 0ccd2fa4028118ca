import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { asFile, type CodeBlock } from './code-blocks.ts';
import { root } from './pages.ts';

const extensions: ReadonlyMap<string, string> = new Map([
  ['ts', 'ts'],
  ['js', 'mjs'],
  ['cjs', 'cjs'],
]);

/** Blocks in these languages are programs. */
export const isProgram = ({ language }: CodeBlock): boolean => extensions.has(language);

/** A program of a page as files: one to check, one to run. */
export interface WrittenBlock {
  readonly block: CodeBlock;
  readonly source: string;
  readonly program: string;
}

/** Below it lies a folder for each page, named as the page. */
export const blocksFolder: string = join(
  root,
  `docs/.cache/blocks/node-${process.versions.node.split('.')[0]}`,
);

const isTest = (code: string): boolean => /from '(?:vitest|@x\/testkit)';/.test(code);

/** Writes the files of a block. TypeScript and decorators are lowered in the program. */
export async function writeBlock(block: CodeBlock): Promise<WrittenBlock> {
  const code = asFile(block);
  const kind = block.flags.has('legacy') ? '.legacy' : '';
  const extension = `${kind}${isTest(code) ? '.test' : ''}.${extensions.get(block.language)}`;
  const base = join(blocksFolder, block.page.path, String(block.line));
  const source = `${base}${extension}`;
  await mkdir(dirname(source), { recursive: true });
  await writeFile(source, code);
  if (block.language !== 'ts' || isTest(code)) return { block, source, program: source };

  const program = `${base}.compiled.mjs`;
  const { code: compiled } = await transform(code, {
    loader: 'ts',
    format: 'esm',
    target: 'node22',
    sourcefile: source,
    sourcemap: 'inline',
    // Otherwise `const f = cached(cache)(function f() {})` becomes `function f2`.
    keepNames: true,
    tsconfigRaw: { compilerOptions: { experimentalDecorators: kind !== '' } },
  });
  await writeFile(program, compiled);
  return { block, source, program };
}

/** What a compiler or Node says of written blocks, with pages and lines in place of files. */
export function inTermsOfPages(text: string): string {
  return text.replaceAll(
    /(?:file:\/\/)?[^\s('"]*\.cache\/blocks\/node-\d+\/([^\s('"]+\.md)\/\d+[\w.]*\.(?:ts|mjs|cjs)/g,
    '$1',
  );
}
