import { describe, expect, it } from 'vitest';
import { asFile, codeBlocks } from './code-blocks.ts';

const page = (text: string): { path: string; lines: string[] } => ({
  path: 'page.md',
  lines: text.split('\n'),
});

describe('the blocks of a page', () => {
  it('have the language, the flags and the lines of their fences', () => {
    const [sh, ts] = codeBlocks(page('# A\n\n```sh\nnpm test\n```\n\n```ts no-run\na();\n```'));

    expect(sh).toMatchObject({ line: 4, language: 'sh', code: ['npm test'] });
    expect(ts).toMatchObject({ line: 8, language: 'ts', flags: new Set(['no-run']) });
  });

  it('go on from the one above in the same language, and from what that goes on from', () => {
    const text = '```ts\na\n```\n```sh\nb\n```\n```ts continued\nc\n```\n```ts continued\nd\n```';

    const files = codeBlocks(page(text)).map(asFile);

    expect(files.at(-1)).toBe('\na\n\n\n\n\n\nc\n\n\nd\n');
    expect(files[0]).toBe('\na\n');
  });

  it.each([
    ['a flag that there is not', '```ts norun\n```', 'page.md:1: "norun"'],
    ['a block without an end', 'text\n```ts\na', 'page.md:2: the block has no end'],
    ['nothing to go on from', '```ts continued\n```', 'page.md:1: there is no block'],
  ])('are refused with %s', (_, text, message) => {
    expect(() => codeBlocks(page(text))).toThrow(message);
  });
});
