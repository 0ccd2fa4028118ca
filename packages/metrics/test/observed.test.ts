import type { Logger } from '@x/interfaces';
import { describe, expect, it, vi } from 'vitest';
import { Registry } from '../src/index.ts';

describe('Registry.observedGauge and observedCounter', () => {
  it('ask for values when something is read', () => {
    const registry = new Registry();
    const queue: string[] = [];
    registry.observedGauge('queue', { help: 'Waiting.' }, () => queue.length);
    queue.push('a', 'b');

    expect(registry.summary()).toEqual({ queue: 2 });
    queue.pop();
    expect(registry.exposition()).toBe('# HELP queue Waiting.\n# TYPE queue gauge\nqueue 1\n');
  });

  it('take label values with their numbers, the last of each', () => {
    const registry = new Registry();
    const totals = new Map([
      [['b'], 2],
      [['a'], 1],
      [['b'], 3],
    ]);
    registry.observedCounter('sent', { labelNames: ['host'] }, () => totals);

    expect(registry.exposition()).toBe(
      '# TYPE sent_total counter\nsent_total{host="a"} 1\nsent_total{host="b"} 3\n',
    );
    totals.clear();
    expect(registry.exposition()).toBe('');
  });

  it('are left out while their function fails or answers nonsense, and the logger is told', () => {
    const logger: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const registry = new Registry({ logger, name: 'app' });
    registry.observedGauge('a', {}, () => {
      throw new Error('no');
    });
    registry.observedGauge('b', { labelNames: ['x'] }, () => 5);
    registry.observedGauge('c', { labelNames: ['x'] }, () => [[['1', '2'], 5]]);
    registry.observedGauge('d', {}, () => undefined as never);
    registry.observedGauge('e', {}, () => NaN);
    registry.observedCounter('f', {}, () => -1);
    registry.observedGauge('g', {}, () => 1);

    registry.snapshot();
    expect(logger.error).toHaveBeenCalledTimes(4);
    expect(registry.summary()).toEqual({
      g: 1,
      'metrics_rejected_values_total{metric="e"}': 1,
      'metrics_rejected_values_total{metric="f"}': 1,
    });
    expect(logger.error).toHaveBeenCalledWith('app: "a" could not be observed: no');
  });

  it('keep to maxSeries and warn once', () => {
    const logger: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const registry = new Registry({ logger });
    const options = { labelNames: ['x'], maxSeries: 2 };
    registry.observedGauge('a', options, () =>
      Array.from({ length: 5 }, (_, index) => [[String(index)], index] as const),
    );

    expect(registry.find('a')).toMatchObject({ overflowed: true, series: [{}, {}] });
    registry.snapshot();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('are refused under a name that is taken, and without a function', () => {
    const registry = new Registry();
    registry.gauge('a');

    expect(() => registry.observedGauge('a', {}, () => 1)).toThrow(
      new TypeError('"a" is there already'),
    );
    expect(() => registry.observedGauge('b', {}, 5 as never)).toThrow(
      new TypeError(
        'observe must be a function after the options, as in observedGauge("b", {}, () => 1), got 5',
      ),
    );
  });
});
