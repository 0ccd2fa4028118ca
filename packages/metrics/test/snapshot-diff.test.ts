import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';

describe('RegistrySnapshot.diff', () => {
  it('tells by how much everything changed, also from JSON', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const requests = registry.counter('requests', { labelNames: ['method'] });
    const level = registry.gauge('level');
    const size = registry.histogram('size');
    requests.labels('GET').inc(10);
    level.set(5);
    size.observe(10);
    const before = JSON.parse(JSON.stringify(registry.snapshot()));
    clock.advance(2_000);
    requests.labels('GET').inc(4);
    requests.labels('POST').inc(2);
    level.set(1);
    size.observe(30);
    size.observe(20);

    expect(registry.snapshot().diff(before)).toEqual({
      elapsedMs: 2_000,
      metrics: [
        {
          name: 'level',
          kind: 'gauge',
          series: [{ labels: {}, value: 1, change: -4, changePerSecond: -2 }],
        },
        {
          name: 'requests',
          kind: 'counter',
          series: [
            { labels: { method: 'GET' }, value: 14, change: 4, changePerSecond: 2 },
            { labels: { method: 'POST' }, value: 2, change: 2, changePerSecond: 1 },
          ],
        },
        {
          name: 'size',
          kind: 'histogram',
          series: [
            {
              labels: {},
              count: 2,
              countPerSecond: 1,
              mean: 25,
              p50Change: 10,
              p95Change: 20,
              p99Change: 20,
            },
          ],
        },
      ],
    });
  });

  it('counts from 0 what began anew, and knows no rate without time', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const counter = registry.counter('a');
    const histogram = registry.histogram('b');
    counter.inc(10);
    histogram.observe(5);
    histogram.observe(5);
    const before = registry.snapshot();
    registry.reset();
    counter.inc(3);
    histogram.observe(1);

    expect(registry.snapshot().diff(before)).toMatchObject({
      elapsedMs: 0,
      metrics: [
        { series: [{ change: 3, changePerSecond: null }] },
        { series: [{ count: 1, mean: 1, countPerSecond: null }] },
      ],
    });
  });

  it.each([undefined, null, 5, {}])('says what it takes, given %j', (previous) => {
    expect(() => new Registry().snapshot().diff(previous as never)).toThrow(
      /^previous must be an earlier snapshot, got (undefined|null|5|an object)$/,
    );
  });
});
