import { describe, expect, it } from 'vitest';
import { anchors } from './markdown.ts';

describe('the anchors of a page', () => {
  it('are those of GitHub', () => {
    const lines = ['# `Registry.find` & more', '## A', '```sh', '# no heading', '```', '## A'];

    expect(anchors({ path: 'page.md', lines })).toEqual(
      new Set(['registryfind--more', 'a', 'a-1']),
    );
  });

  it('keep underscores, and the text of links', () => {
    const lines = ['## SQLITE_BUSY', '## See [the guide](guide.md)'];

    expect(anchors({ path: 'page.md', lines })).toEqual(new Set(['sqlite_busy', 'see-the-guide']));
  });
});
