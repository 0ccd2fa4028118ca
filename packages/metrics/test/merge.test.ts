import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { Registry, type RegistryDump } from '../src/index.ts';

/** As it comes from another process. */
const sent = (registry: Registry): RegistryDump => JSON.parse(JSON.stringify(registry.dump()));

describe('Registry.merged', () => {
  const worker = (clock: ManualClock, from: number): Registry => {
    const registry = new Registry({ clock });
    registry
      .counter('requests', { labelNames: ['method'] })
      .labels('GET')
      .inc(from);
    registry.gauge('connections').set(from);
    registry.gauge('oldest', { merge: 'min' }).set(from);
    registry.gauge('largest', { merge: 'max' }).set(from);
    registry.gauge('newest', { merge: 'last' }).set(from);
    const timer = registry.timer('fetch', { buckets: [50, 200] });
    for (let ms = from; ms < from + 100; ms++) timer.record(ms);
    timer.record(from, 'failure');
    timer.start();
    registry.histogram('size').observe(from);
    clock.advance(10_000);
    return registry;
  };

  it('adds up what several registries recorded, quantiles included', () => {
    const clock = new ManualClock();
    const dumps = [sent(worker(clock, 1)), sent(worker(clock, 101))];
    const merged = Registry.merged(dumps, { clock });

    expect(merged.summary()).toMatchObject({
      'requests{method="GET"}': 102,
      connections: 102,
      oldest: 1,
      largest: 101,
      newest: 101,
      'fetch_count{outcome="success"}': 200,
      'fetch_count{outcome="failure"}': 2,
      'fetch_max_ms{outcome="success"}': 200,
      size_count: 2,
    });
    const fetch = merged.find('fetch');
    const success = fetch?.series.find(({ labels }) => labels['outcome'] === 'success');
    expect(success).toMatchObject({ windowCount: 200, inFlight: 2, ratePerSecond: 20 });
    expect(success).toHaveProperty('p50', expect.closeTo(100, -0.1));
    expect(merged.exposition()).toContain(
      'fetch_seconds_bucket{outcome="success",le="0.05"} 50\nfetch_seconds_bucket{outcome="success",le="0.2"} 200',
    );
  });

  it('leaves what it was made from as it is', () => {
    const clock = new ManualClock();
    const registry = worker(clock, 1);
    const before = registry.summary();
    const dump = registry.dump();
    Registry.merged([dump, dump], { clock });

    expect(registry.summary()).toEqual(before);
    expect(Registry.merged([dump], { clock }).summary()).toEqual(before);
  });

  it('refuses registries that do not fit together', () => {
    const a = new Registry();
    a.counter('x').inc();
    const b = new Registry();
    b.gauge('x').set(1);
    const c = new Registry({ sketch: 'tdigest' });
    c.histogram('y').observe(1);

    expect(() => Registry.merged([a.dump(), b.dump()])).toThrow(TypeError);
    expect(() => Registry.merged([c.dump()])).toThrow(TypeError);
    expect(Registry.merged([c.dump(), c.dump()], { sketch: 'tdigest' }).summary()).toMatchObject({
      y_count: 2,
    });
  });

  it.each<[string, unknown, string]>([
    ['a dump alone', new Registry().dump(), 'an object'],
    ['nothing', undefined, 'undefined'],
    ['a text', 'dump', '"dump"'],
    ['registries', [new Registry()], 'one with an object'],
    ['a hole', [new Registry().dump(), null], 'one with null'],
    ['snapshots', [new Registry().snapshot()], 'one with a snapshot'],
  ])('says what it takes, given %s', (_what, dumps, came) => {
    expect(() => Registry.merged(dumps as never)).toThrow(
      new TypeError(`dumps must be an array of what registry.dump() answers, got ${came}`),
    );
  });
});
