import type { Logger } from '@x/interfaces';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Registry } from '../src/index.ts';

describe('Common labels', () => {
  it('come first in the exposition, and may not be labels of a metric', () => {
    const registry = new Registry({ labels: { service: 'a "shop"', zone: 'z1' } });
    registry.counter('a').inc();
    registry
      .gauge('b', { labelNames: ['x'] })
      .labels('1')
      .set(2);

    expect(registry.exposition()).toBe(
      [
        '# TYPE a_total counter',
        String.raw`a_total{service="a \"shop\"",zone="z1"} 1`,
        '# TYPE b gauge',
        String.raw`b{service="a \"shop\"",zone="z1",x="1"} 2`,
        '',
      ].join('\n'),
    );
    expect(() => registry.counter('c', { labelNames: ['zone'] })).toThrow(TypeError);
  });

  it.each([{ 'a-b': '1' }, { le: '1' }, { a: 1 as never }])('refuse %o', (labels) => {
    expect(() => new Registry({ labels })).toThrow(TypeError);
  });
});

describe('Labelled instruments', () => {
  it('answer the same child for the same values, by place or by name', () => {
    const counter = new Registry().counter('a', { labelNames: ['method', 'status'] });
    const child = counter.labels('GET', '200');

    expect(counter.labels('GET', '200')).toBe(child);
    expect(counter.labels({ status: '200', method: 'GET' })).toBe(child);
    expect(counter.labels('200', 'GET')).not.toBe(child);
  });

  it('refuse too many, too few and other labels, and values that are no strings', () => {
    const counter = new Registry().counter('a', { labelNames: ['x', 'y'] });
    const labels = counter.labels.bind(counter) as (...values: unknown[]) => unknown;

    for (const values of [[], ['1'], ['1', '2', '3'], [{ x: '1' }], [{ x: '1', z: '2' }]]) {
      expect(() => labels(...values)).toThrow(/^counter "a" takes a value for each of x, y; got /);
    }
    expect(() => labels({ x: '1', y: '2', z: '3' })).toThrow(TypeError);
    expect(() => labels('1', 2)).toThrow(new TypeError('label y of "a" must be a string, got 2'));
    expect(() => labels({ x: '1', y: undefined })).toThrow(TypeError);
  });

  it('cannot be used without labels', () => {
    const registry = new Registry();
    const labelNames = ['x'] as const;

    expect(() => registry.counter('a', { labelNames }).inc()).toThrow(
      new TypeError('counter "a" has labels: call labels(x) first'),
    );
    expect(() => registry.gauge('b', { labelNames }).set(1)).toThrow(TypeError);
    expect(() => registry.histogram('c', { labelNames }).observe(1)).toThrow(TypeError);
    expect(() => registry.timer('d', { labelNames }).start()).toThrow(TypeError);
  });

  it('never mix two lists of values up, whatever they contain', () => {
    const nasty = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '=', '"', '\\', '\n', ':', '{', '}', '\0') }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '__proto__', 'constructor', 'overflow', '1,y:2', '1', 'ä', 'a\u0308'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(nasty, nasty), { selector: JSON.stringify }), (pairs) => {
        const registry = new Registry();
        const counter = registry.counter('a', { labelNames: ['x', 'y'] });
        for (const [index, [x, y]] of pairs.entries()) counter.labels(x, y).inc(index);

        const series = registry.find('a')?.series ?? [];
        const found = series.map(({ labels }) => JSON.stringify([labels['x'], labels['y']]));
        expect(found.toSorted()).toEqual(pairs.map((pair) => JSON.stringify(pair)).toSorted());
        for (const [index, [x, y]] of pairs.entries()) {
          expect(counter.labels({ x, y })).toHaveProperty('value', index);
        }
        expect(new Set(Object.keys(registry.summary())).size).toBe(pairs.length);
      }),
    );
  });

  it('record what is beyond maxSeries in one more series, and warn once', () => {
    const logger: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const registry = new Registry({ maxSeries: 2, logger, name: 'app' });
    const counter = registry.counter('a', { labelNames: ['x', 'y'] });
    const first = counter.labels('1', '1');
    counter.labels('2', '2');
    for (let index = 3; index < 100; index++) counter.labels(String(index), 'z').inc();

    expect(counter.labels('1', '1')).toBe(first);
    expect(registry.find('a')?.series).toEqual([
      { labels: { x: '1', y: '1' }, value: 0 },
      { labels: { x: '2', y: '2' }, value: 0 },
      { labels: { x: 'overflow', y: 'overflow' }, value: 97 },
    ]);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      'app: "a" has 2 series; further label values are recorded together, under "overflow"',
    );
  });
});
