import { describe, expect, it } from 'vitest';
import { type MetricSnapshot, Registry } from '../src/index.ts';

const valueOf = (metric: MetricSnapshot | undefined): unknown =>
  metric?.series.map((series) => ('value' in series ? series.value : series.count));

describe('Gauge.observe', () => {
  it('asks for the value whenever it is read, until it is disposed', () => {
    const registry = new Registry();
    const queue = [1, 2, 3];
    const observation = registry
      .gauge('queue', { labelNames: ['name'] })
      .labels('a')
      .observe?.(() => queue.length);
    expect(valueOf(registry.find('queue'))).toEqual([3]);
    queue.push(4);
    expect(valueOf(registry.find('queue'))).toEqual([4]);

    queue.pop();
    observation?.[Symbol.dispose]();
    queue.pop();
    expect(valueOf(registry.find('queue'))).toEqual([3]);
  });

  it('gives way to a later one, which the end of the earlier one leaves alone', () => {
    const registry = new Registry();
    const gauge = registry.gauge('a');
    const earlier = gauge.observe?.(() => 1);
    gauge.observe?.(() => 2);
    earlier?.[Symbol.dispose]();

    expect(valueOf(registry.find('a'))).toEqual([2]);
  });

  it('keeps the value where there is none, and counts that as rejected', () => {
    const registry = new Registry();
    const gauge = registry.gauge('a');
    let read = (): number => 5;
    gauge.observe?.(() => read());
    expect(valueOf(registry.find('a'))).toEqual([5]);

    read = () => NaN;
    expect(valueOf(registry.find('a'))).toEqual([5]);
    read = () => {
      throw new Error('gone');
    };
    expect(valueOf(registry.find('a'))).toEqual([5]);
    expect(valueOf(registry.find('metrics_rejected_values_total'))).toEqual([2]);
  });

  it('needs a function, and labels where there are some', () => {
    const registry = new Registry();
    expect(() => registry.gauge('a').observe?.(5 as never)).toThrow('"a" needs a function to ask');
    const labelled = registry.gauge('b', { labelNames: ['x'] });
    expect(() => labelled.observe?.(() => 1)).toThrow('call labels(x) first');
  });
});
