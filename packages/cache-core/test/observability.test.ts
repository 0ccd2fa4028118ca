import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { CounterChild, Meter, TimerOutcome } from '@x/interfaces';
import { noopMeter } from '@x/interfaces';
import { FailingStore, ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type CacheEvents, CacheManager, MemoryStore } from '../src/index.ts';

/** Does a little of everything. */
async function use(cache: CacheManager, clock: ManualClock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const loads = [1, 2].map(() => cache.getOrSet('a', () => promise, { ttlMs: 1_000 }));
  clock.advance(25);
  resolve(1);
  await Promise.all(loads);
  await cache.getOrSet('a', () => 2);
  await cache.getOrSet('b', () => Promise.reject(new Error('no'))).catch(() => undefined);
  await cache.set('c', 3, { ttlMs: Infinity });
  await cache.get('c');
  await cache.get('d');
  await cache.delete('c');
  await cache.invalidatePattern('a*');
  await cache.clear();
}

describe('CacheManager events', () => {
  it('tell what happens', async () => {
    const clock = new ManualClock();
    const cache = new CacheManager({ clock });
    const events: unknown[] = [];
    const names: (keyof CacheEvents)[] = [
      'hit',
      'miss',
      'set',
      'delete',
      'invalidate',
      'clear',
      'load',
      'error',
    ];
    for (const name of names) cache.on(name, (event) => events.push([name, event]));

    const expiresAt = clock.now() + 25 + 1_000;
    await use(cache, clock);

    expect(events).toEqual([
      ['miss', { key: 'a' }],
      ['miss', { key: 'a' }],
      ['load', { key: 'a', keys: undefined, durationMs: 25, outcome: 'success', error: undefined }],
      ['set', { key: 'a', expiresAt }],
      ['hit', { key: 'a', tier: 'memory', stale: false }],
      ['miss', { key: 'b' }],
      [
        'load',
        { key: 'b', keys: undefined, durationMs: 0, outcome: 'failure', error: new Error('no') },
      ],
      ['set', { key: 'c', expiresAt: undefined }],
      ['hit', { key: 'c', tier: 'memory', stale: false }],
      ['miss', { key: 'd' }],
      ['delete', { keys: ['c'], removed: 1 }],
      ['invalidate', { pattern: 'a*', tags: undefined, count: 1 }],
      ['clear', {}],
    ]);
  });

  it('stop when the listener is disposed', async () => {
    const cache = new CacheManager();
    let hits = 0;
    const listening = cache.on('miss', () => hits++);
    await cache.get('a');
    listening[Symbol.dispose]();
    await cache.get('a');

    expect(hits).toBe(1);
  });

  it('are not disturbed by a listener that throws, and the logger hears of it', async () => {
    const errors: string[] = [];
    const nothing = (): void => {};
    const cache = new CacheManager({
      logger: { debug: nothing, info: nothing, warn: nothing, error: (text) => errors.push(text) },
    });
    cache.on('miss', () => {
      throw new Error('listener is broken');
    });

    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(errors).toEqual(['cache "cache": a listener threw: listener is broken']);
  });
});

describe('CacheManager meter', () => {
  /** Notes what each child was told, and when children were made. */
  class NotingMeter implements Meter {
    readonly counts = new Map<string, number>();
    readonly durations: [string, number, TimerOutcome | undefined][] = [];
    bound = 0;
    readonly gauge = noopMeter.gauge;
    readonly histogram = noopMeter.histogram;
    readonly counter: Meter['counter'] = (name) => {
      const labels = (...values: string[]): CounterChild => {
        this.bound++;
        const series = `${name}{${values.join(',')}}`;
        return {
          inc: (amount = 1) => this.counts.set(series, (this.counts.get(series) ?? 0) + amount),
        };
      };
      return { ...labels(), labels } as never;
    };
    readonly timer: Meter['timer'] = (name) => {
      const labels = (...values: string[]): object => ({
        record: (ms: number, outcome?: TimerOutcome) =>
          this.durations.push([`${name}{${values.join(',')}}`, ms, outcome]),
      });
      return { labels } as never;
    };
  }

  it('counts and times, by children that were bound beforehand', async () => {
    const clock = new ManualClock();
    const meter = new NotingMeter();
    const cache = new CacheManager({ clock, meter, name: 'users' });
    const { bound } = meter;

    await use(cache, clock);

    expect(meter.bound).toBe(bound);
    expect(Object.fromEntries(meter.counts)).toEqual({
      'cache_requests_total{users,hit}': 2,
      'cache_requests_total{users,miss}': 4,
      'cache_loads_total{users,success}': 1,
      'cache_loads_total{users,failure}': 1,
      'cache_coalesced_total{users}': 1,
      'cache_sets_total{users}': 2,
      'cache_deletes_total{users}': 1,
    });
    expect(meter.durations).toEqual([
      ['cache_load_duration{users}', 25, 'success'],
      ['cache_load_duration{users}', 0, 'failure'],
    ]);
  });

  it('counts failures of stores and loads that were aborted', async () => {
    const meter = new NotingMeter();
    const cache = new CacheManager({ store: new FailingStore(new MemoryStore()), meter });
    await cache.get('a');
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<number>();
    const wait = cache.getOrSet('b', () => promise, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    resolve(1);
    await new Promise((resolve) => setImmediate(resolve));

    expect(meter.counts.get('cache_store_errors_total{cache,failing memory}')).toBe(2);
    expect(meter.counts.get('cache_loads_total{cache,aborted}')).toBe(1);
  });
});

const channels = ['hit', 'miss', 'load', 'error'].map((name) => `@x/cache-core:${name}`);

describe('diagnostics channels', () => {
  it('publish hits, misses, loads and failures of stores', async () => {
    const messages: unknown[] = [];
    const note = (message: unknown, name: string | symbol): void =>
      void messages.push([name, message]);
    for (const name of channels) subscribe(name, note);
    try {
      const clock = new ManualClock();
      const failing = new CacheManager({ store: new FailingStore(new MemoryStore()), clock });
      await failing.getOrSet('a', () => 1);
      const working = new CacheManager({ name: 'working', clock });
      await working.set('a', 1);
      await working.get('a');
      await working.getMany(['a', 'b']);
    } finally {
      for (const name of channels) unsubscribe(name, note);
    }

    const where = { cache: 'cache', tier: 'failing memory', key: 'a' };
    const hit = { cache: 'working', tier: 'memory', key: 'a', stale: false };
    expect(messages).toMatchObject([
      ['@x/cache-core:error', { ...where, operation: 'get' }],
      ['@x/cache-core:miss', { cache: 'cache', key: 'a' }],
      ['@x/cache-core:load', { cache: 'cache', key: 'a', durationMs: 0, outcome: 'success' }],
      ['@x/cache-core:error', { ...where, operation: 'set' }],
      ['@x/cache-core:hit', hit],
      ['@x/cache-core:hit', hit],
      ['@x/cache-core:miss', { cache: 'working', key: 'b' }],
    ]);
  });
});
