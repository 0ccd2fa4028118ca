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
