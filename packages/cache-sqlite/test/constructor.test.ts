import { expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';

it('new SqliteStore() says how to open one', () => {
  const Constructor = SqliteStore as unknown as new (options?: object) => unknown;

  expect(() => new Constructor({ path: ':memory:' })).toThrow(
    'use await SqliteStore.open(options)',
  );
  expect(() => new Constructor()).toThrow(TypeError);
});
