import type { Page } from './pages.ts';

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: Page;
  /** The line of its first line of code, as an editor counts. */
  readonly line: number;
  readonly language: string;
  readonly flags: ReadonlySet<string>;
  readonly code: readonly string[];
  /** The block above, for one that goes on from there. */
  readonly previous: CodeBlock | undefined;
}

const knownFlags = new Set([
  // Goes on from the block above it: what that one imports, declares and does comes first.
  'continued',
  // Its decorators are those of `experimentalDecorators`.
  'legacy',
  // Has right types but is not run.
  'no-run',
]);

const place = (page: Page, line: number): string => `${page.path}:${line}`;

function readFlags(page: Page, line: number, words: readonly string[]): Set<string> {
  const unknown = words.find((word) => !knownFlags.has(word));
  if (unknown !== undefined) {
    const known = [...knownFlags].join(', ');
    throw new Error(`${place(page, line)}: "${unknown}" after the fence is none of ${known}`);
  }
  return new Set(words);
}

/** The blocks of a page, in their order. */
export function codeBlocks(page: Page): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let opened: { readonly line: number; readonly info: readonly string[] } | undefined;

  for (const [index, text] of page.lines.entries()) {
    if (!text.startsWith('```')) continue;
    if (opened === undefined) {
      opened = { line: index + 1, info: text.slice(3).split(' ').filter(Boolean) };
      continue;
    }
    const [language = '', ...words] = opened.info;
    const flags = readFlags(page, opened.line, words);
    const previous = flags.has('continued')
      ? blocks.findLast((block) => block.language === language)
      : undefined;
    if (flags.has('continued') && previous === undefined) {
      throw new Error(`${place(page, opened.line)}: there is no block to go on from`);
    }
    const code = page.lines.slice(opened.line, index);
    blocks.push({ page, line: opened.line + 1, language, flags, code, previous });
    opened = undefined;
  }
  if (opened !== undefined) throw new Error(`${place(page, opened.line)}: the block has no end`);
  return blocks;
}

/**
 * The block as a file in which every line has the number that it has in its page, so that whoever
 * complains about a line of the file complains about that line of the page. The blocks from which it
 * goes on are in it, at their lines.
 */
export function asFile(block: CodeBlock): string {
  const lines: string[] = Array.from({ length: block.line + block.code.length - 1 }, () => '');
  for (let one: CodeBlock | undefined = block; one !== undefined; one = one.previous) {
    for (const [index, text] of one.code.entries()) lines[one.line - 1 + index] = text;
  }
  return `${lines.join('\n')}\n`;
}
