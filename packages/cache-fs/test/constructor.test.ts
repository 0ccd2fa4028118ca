import { expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';

it('new FileStore() says how to open one', () => {
  const Constructor = FileStore as unknown as new (options?: object) => unknown;

  expect(() => new Constructor({ directory: 'cache' })).toThrow(
    'use await FileStore.open(options)',
  );
  expect(() => new Constructor()).toThrow(TypeError);
});
