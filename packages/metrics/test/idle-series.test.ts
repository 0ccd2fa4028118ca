import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';

const labelsIn = (registry: Registry, name: string): string[] =>
  (registry.find(name)?.series ?? []).map(({ labels }) => labels['x'] ?? '');

describe('Series that record nothing', () => {
  const setUp = (): { clock: ManualClock; registry: Registry } => {
    const clock = new ManualClock();
    return { clock, registry: new Registry({ clock, idleTimeoutMs: 1_000 }) };
  };

  it('are left out after idleTimeoutMs, and come back with what they had', () => {
    const { clock, registry } = setUp();
    const counter = registry.counter('a', { labelNames: ['x'] });
    const held = counter.labels('1');
    held.inc(5);
    counter.labels('2').inc();
    registry.find('a');
    clock.advance(600);
    counter.labels('2').inc();
    expect(labelsIn(registry, 'a')).toEqual(['1', '2']);

    clock.advance(600);
    expect(labelsIn(registry, 'a')).toEqual(['2']);
    held.inc();
    expect(registry.find('a')?.series).toEqual([
      { labels: { x: '1' }, value: 6 },
      { labels: { x: '2' }, value: 2 },
    ]);
  });

  it('are the same child when asked for again while somebody holds them', () => {
    const { clock, registry } = setUp();
    const counter = registry.counter('a', { labelNames: ['x'] });
    const held = counter.labels('1');
    registry.find('a');
    clock.advance(1_000);
    expect(labelsIn(registry, 'a')).toEqual([]);

    expect(counter.labels('1')).toBe(held);
    expect(labelsIn(registry, 'a')).toEqual(['1']);
    clock.advance(999);
    expect(labelsIn(registry, 'a')).toEqual(['1']);
  });

  it('stay when a gauge is set to what it was, a distribution records, a timer is under way', () => {
    const { clock, registry } = setUp();
    const gauge = registry.gauge('g', { labelNames: ['x'] }).labels('1');
    const histogram = registry.histogram('h', { labelNames: ['x'] }).labels('1');
    const timer = registry.timer('t', { labelNames: ['x'] }).labels('1');
    const running = timer.start();
    for (let round = 0; round < 5; round++) {
      gauge.set(7);
      histogram.observe(1);
      registry.snapshot();
      clock.advance(900);
    }
    expect(registry.snapshot().metrics.map(({ name }) => name)).toEqual(['g', 'h', 't']);
    running.stop();
    registry.snapshot();
    clock.advance(1_000);
    expect(registry.snapshot().metrics).toEqual([]);
  });

  it('stay while a gauge is observed', () => {
    const { clock, registry } = setUp();
    const gauge = registry.gauge('g', { labelNames: ['x'] }).labels('1');
    const observation = gauge.observe?.(() => 7);
    for (let round = 0; round < 5; round++) {
      expect(labelsIn(registry, 'g')).toEqual(['1']);
      clock.advance(1_100);
    }
    observation?.[Symbol.dispose]();
    expect(labelsIn(registry, 'g')).toEqual(['1']);
    clock.advance(1_100);
    expect(labelsIn(registry, 'g')).toEqual([]);
  });

  it('make room below maxSeries', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const counter = registry.counter('a', {
      labelNames: ['x'],
      maxSeries: 2,
      idleTimeoutMs: 1_000,
    });
    counter.labels('1').inc();
    counter.labels('2').inc();
    registry.find('a');
    clock.advance(1_000);
    registry.find('a');
    counter.labels('3').inc();

    expect(labelsIn(registry, 'a')).toEqual(['3']);
  });

  it('come back although others have taken their room, overflow included', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock, maxSeries: 1, idleTimeoutMs: 1_000 });
    const counter = registry.counter('a', { labelNames: ['x'] });
    const first = counter.labels('1');
    const overflow = counter.labels('2');
    first.inc();
    overflow.inc();
    registry.find('a');
    clock.advance(1_000);
    expect(labelsIn(registry, 'a')).toEqual([]);
    counter.labels('3').inc();
    first.inc();
    overflow.inc();

    expect(registry.find('a')?.series).toEqual([
      { labels: { x: '1' }, value: 2 },
      { labels: { x: '3' }, value: 1 },
      { labels: { x: 'overflow' }, value: 2 },
    ]);
  });

  it('stay for ever without idleTimeoutMs, and without labels', () => {
    const { clock, registry } = setUp();
    registry.counter('alone');
    const other = new Registry({ clock });
    other.counter('a', { labelNames: ['x'] }).labels('1');
    registry.snapshot();
    other.snapshot();
    clock.advance(1e9);

    expect(registry.find('alone')?.series).toHaveLength(1);
    expect(labelsIn(other, 'a')).toEqual(['1']);
  });
});
