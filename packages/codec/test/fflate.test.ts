import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Codec from '../src/index.ts';
import type * as Library from '../src/fflate.ts';

const text = 'a line of a log file that says the same again\n'.repeat(200);

let codec: typeof Codec;
let library: typeof Library;

/** Modules as in a new process. */
beforeEach(async () => {
  vi.resetModules();
  codec = await import('../src/index.ts');
  library = await import('../src/fflate.ts');
});

describe('fflate', () => {
  it('is loaded by a codec that is to use it, and by no other', async () => {
    codec.createCodec();
    codec.createCodec({ compression: 'zstd' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(library.fflate()).toBeUndefined();

    codec.createCodec({ compression: 'fflate' });
    await expect.poll(() => library.fflate()).toBeDefined();
  });

  it('reads what was written before it was there, and the other way round', async () => {
    const early = codec.createCodec({ compression: 'fflate' });
    expect(library.fflate()).toBeUndefined();
    const before = early.encode(text);
    expect(early.decode(before)).toBe(text);
    await library.loadFflate();
    const after = early.encode(text);

    expect([early.decode(before), early.decode(after)]).toEqual([text, text]);
    expect(codec.createCodec({ compression: 'deflate' }).decode(after)).toBe(text);
    expect([before.length < text.length / 10, after.length < text.length / 10]).toEqual([
      true,
      true,
    ]);
    expect(after).not.toEqual(before);
  });
});
