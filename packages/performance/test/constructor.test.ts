import { expect, it } from 'vitest';
import { PerformanceOptimizer } from '../src/index.ts';

it('new PerformanceOptimizer() says how to open one', () => {
  const Constructor = PerformanceOptimizer as unknown as new (options?: object) => unknown;

  expect(() => new Constructor({})).toThrow('use await PerformanceOptimizer.open(config)');
  expect(() => new Constructor()).toThrow(TypeError);
});
