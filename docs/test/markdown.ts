import type { Page } from './pages.ts';

/** The lines of a page, with those in fenced blocks and what is in backticks emptied. */
export function withoutCode({ lines }: Page): string[] {
  let inBlock = false;
  return lines.map((text) => {
    const isFence = text.startsWith('```');
    if (isFence) inBlock = !inBlock;
    return isFence || inBlock ? '' : text.replaceAll(/`[^`]*`/g, '``');
  });
}

/** The anchors of the headings of a page, made as GitHub makes them. */
export function anchors(page: Page): Set<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  const isText = withoutCode(page);
  for (const [index, line] of page.lines.entries()) {
    if (!/^#{1,6} /.test(isText[index] ?? '')) continue;
    const plain = line
      .replace(/^#+ /, '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    found.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return found;
}
