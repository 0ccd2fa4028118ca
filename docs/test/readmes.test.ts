import { describe, expect, it } from 'vitest';
import { withoutCode } from './markdown.ts';
import { pages } from './pages.ts';

/** What the README of every package has, in this order, with its features before the errors. */
const required = [
  'Install',
  'Use',
  'Options',
  'Errors',
  'Testing code that uses this',
  'How it works',
  'Related packages',
];

const readmes = pages.filter(({ path }) => /^packages\/[^/]+\/README\.md$/.test(path));

describe('the README of a package', () => {
  it.each(readmes.map((page) => [page.path, page] as const))('has its sections: %s', (_, page) => {
    const headings = withoutCode(page)
      .filter((line) => line.startsWith('## '))
      .map((line) => line.slice(3));

    const expected = required.filter((name) => name !== 'Options' || headings.includes(name));
    expect(headings.filter((heading) => required.includes(heading))).toEqual(expected);
  });

  it.each(readmes.map((page) => [page.path, page] as const))(
    'has no link that is dead in node_modules: %s',
    (_, page) => {
      expect(withoutCode(page).filter((line) => /\]\(\.\.?\//.test(line))).toEqual([]);
    },
  );
});
