import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Page, pages, root } from './pages.ts';
import { anchors, withoutCode } from './markdown.ts';

interface Link {
  readonly line: number;
  readonly target: string;
}

function linksOf(page: Page): Link[] {
  return withoutCode(page).flatMap((text, index) =>
    Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => ({
      line: index + 1,
      target,
    })),
  );
}

function anchorsOf(path: string): ReadonlySet<string> {
  return anchors({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') });
}

/** What is wrong with a link, or `undefined`. */
function fault(page: Page, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
  if (!existsSync(join(root, path))) return `${target}: there is no ${path}`;
  if (anchor === undefined) return undefined;
  if (statSync(join(root, path)).isDirectory()) return `${target}: ${path} is a folder`;
  return anchorsOf(path).has(anchor) ? undefined : `${target}: ${path} has no such heading`;
}

describe('the links in the documents', () => {
  it.each(pages.map((page) => [page.path, page] as const))('lead somewhere: %s', (_, page) => {
    const faults = linksOf(page).flatMap(({ line, target }) => {
      const found = fault(page, target);
      return found === undefined ? [] : [`${page.path}:${line}: ${found}`];
    });

    expect(faults).toEqual([]);
  });
});
