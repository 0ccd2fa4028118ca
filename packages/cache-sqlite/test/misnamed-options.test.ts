import { describe, expect, it } from 'vitest';
import { SqliteStore } from '@x/cache-sqlite';

describe('SqliteStore.open', () => {
  it.each([
    [{ file: 'a' }, 'file is not an option; it is path, the path of the database file'],
    [{ filename: 'a' }, 'filename is not an option; it is path, the path of the database file'],
    [{ directory: 'a' }, 'directory is not an option; it is path, the path of the database file'],
    [{ path: ':memory:', max: 5 }, 'max is not an option; it is maxEntries'],
    [
      { path: ':memory:', ttl: 5 },
      'ttl is not an option; it is ttlMs of the cache over the store: new CacheManager({ store, ttlMs })',
    ],
    ['a', 'options must be an object such as { path }, got "a"'],
  ])('refuses %j', async (options, message) => {
    await expect(SqliteStore.open(options as never)).rejects.toThrow(new TypeError(message));
  });
});

describe('invalidate and query', () => {
  it('refuse what is no target, and invalidate nothing', async () => {
    await using store = await SqliteStore.open({ path: ':memory:' });
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

describe('keys and entries', () => {
  it('are refused where they are none, and nothing is changed', async () => {
    await using store = await SqliteStore.open({ path: ':memory:' });
    await store.set('a', { value: 1, createdAt: 0 });
    const call = async (name: string, ...args: unknown[]): Promise<unknown> =>
      Reflect.apply(Reflect.get(store, name), store, args);
    const noKey = new TypeError('key must be a string, got 5');
    await expect(call('get', 5)).rejects.toThrow(noKey);
    await expect(call('set', 5, { value: 2, createdAt: 0 })).rejects.toThrow(noKey);
    await expect(call('delete', 5)).rejects.toThrow(noKey);
    for (const name of ['getMany', 'deleteMany']) {
      await expect(call(name, 'a')).rejects.toThrow(
        new TypeError('keys must be an array, got "a"'),
      );
      await expect(call(name, ['a', 5])).rejects.toThrow(noKey);
    }
    await expect(call('setMany', { a: 2 })).rejects.toThrow(
      new TypeError('entries must be a Map or an array of [key, entry], got an object'),
    );
    expect((await store.get('a'))?.value).toBe(1);
  });
});
