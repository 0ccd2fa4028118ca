import { inspect } from 'node:util';
import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { ExponentialSketch, Registry, TDigestSketch } from '@x/metrics';

describe('console.log and JSON', () => {
  const clock = new ManualClock();
  const registry = new Registry({ clock });

  it('have the figures of a counter and a gauge', () => {
    const counter = registry.counter('requests', { labelNames: ['method'] }).labels('GET');
    counter.inc(5);
    const gauge = registry.gauge('queue');
    gauge.set(3);

    expect(inspect(counter)).toBe("CounterSeries { name: 'requests', value: 5 }");
    expect(JSON.stringify({ counter, gauge })).toBe(
      '{"counter":{"name":"requests","value":5},"gauge":{"name":"queue","value":3}}',
    );
  });

  it('have the figures of a histogram', () => {
    const histogram = registry.histogram('sizes');
    histogram.observe(5);
    histogram.observe(7);
    expect(inspect(histogram)).toBe("HistogramSeries { name: 'sizes', count: 2, sum: 12 }");
    expect(JSON.stringify(histogram)).toBe('{"name":"sizes","count":2,"sum":12}');
  });

  it('have the figures of a timer and of a measurement', () => {
    const timer = registry.timer('query');
    timer.record(5, 'failure');
    const running = timer.start();
    expect(inspect(timer)).toBe(
      "TimerSeries { name: 'query', success: 0, failure: 1, inFlight: 1 }",
    );
    expect(inspect(running)).toBe('Measurement { durationMs: undefined }');
    clock.advance(7);
    running.stop();
    expect(inspect(running)).toBe('Measurement { durationMs: 7 }');
    expect(JSON.stringify(timer)).toBe('{"name":"query","success":1,"failure":1,"inFlight":0}');
  });

  it('have no settings of an instrument with labels, and of a registry', () => {
    const counter = registry.counter('requests', { labelNames: ['method'] });
    expect(JSON.stringify(counter)).toBe('{"name":"requests","labelNames":["method"]}');
    expect(JSON.parse(JSON.stringify(new Registry()))).toEqual({
      name: 'metrics',
      enabled: true,
      metrics: 1,
    });
  });

  it('show the figures of a sketch, whose JSON is its state', () => {
    for (const Sketch of [ExponentialSketch, TDigestSketch]) {
      const sketch = new Sketch();
      sketch.record(5);
      expect(inspect(sketch)).toBe(`${Sketch.name} { count: 1, sum: 5, min: 5, max: 5 }`);
      expect(JSON.parse(JSON.stringify(sketch))).toHaveProperty('engine');
    }
  });
});
