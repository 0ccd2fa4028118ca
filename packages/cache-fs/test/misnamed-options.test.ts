import { temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { FileStore } from '@x/cache-fs';

describe('FileStore.open', () => {
  it.each([
    [{ dir: 'a' }, 'dir is not an option; it is directory'],
    [{ path: 'a' }, 'path is not an option; it is directory'],
    [{ directory: 'a', max: 5 }, 'max is not an option; it is maxEntries'],
    [
      { directory: 'a', ttlMs: 5 },
      'ttlMs is not an option; it is ttlMs of the cache over the store: new CacheManager({ store, ttlMs })',
    ],
    ['a', 'options must be an object such as { directory }, got "a"'],
  ])('refuses %j', async (options, message) => {
    await expect(FileStore.open(options as never)).rejects.toThrow(new TypeError(message));
  });
});

describe('invalidate and query', () => {
  it('refuse what is no target, and invalidate nothing', async () => {
    await using store = await FileStore.open({ directory: temporaryFolder() });
    await store.set('a', { value: 1, createdAt: 0, tags: ['red'] });
    for (const target of [{ pattern: 'a*' }, { tags: 'red' }, {}, 'a*']) {
      await expect(store.invalidate(target as never)).rejects.toThrow(TypeError);
    }
    await expect(store.query({ pattern: 'a*' } as never)).rejects.toThrow(
      'pattern must be what compilePattern of @x/cache-core answers, got "a*"',
    );
    expect((await store.get('a'))?.value).toBe(1);
  });
});
