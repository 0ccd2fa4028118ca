import { describe, expect, it } from 'vitest';
import { Registry } from '@x/metrics';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

describe.each(['counter', 'gauge', 'histogram', 'timer'] as const)('Registry.%s', (kind) => {
  it('says what labels are called here', () => {
    const registry = new Registry();
    expect(() => registry[kind]('a', untyped({ labels: ['x'] }))).toThrow(
      new TypeError(
        'labels is not an option; it is labelNames; values are given by labels(…) of the instrument',
      ),
    );
    expect(() => registry[kind]('a', untyped({ labelNames: 'x' }))).toThrow(
      new TypeError('labelNames of "a" must be an array of strings, got "x"'),
    );
    expect(registry.find('a')).toBeUndefined();
  });
});

describe('new Registry', () => {
  it('says what defaultLabels are called here', () => {
    expect(() => new Registry(untyped({ defaultLabels: { service: 'shop' } }))).toThrow(
      new TypeError('defaultLabels is not an option; it is labels'),
    );
  });

  it('refuses what is no object', () => {
    expect(() => new Registry(untyped('shop'))).toThrow(
      new TypeError('options must be an object such as { retentionMs }, got "shop"'),
    );
  });
});
