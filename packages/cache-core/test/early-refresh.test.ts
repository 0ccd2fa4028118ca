import type { GetOrSetOptions } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, type CacheManagerOptions } from '../src/index.ts';
import { expectNoTimers, HeldLoads } from './loads.ts';

let clock: ManualClock;
let cache: CacheManager;
let loads: HeldLoads<string>;

const open = (options: CacheManagerOptions = {}): void => {
  cache = new CacheManager({ clock, ttlMs: 100, cleanupIntervalMs: Infinity, ...options });
};
const read = (options?: GetOrSetOptions<string>): Promise<string> =>
  cache.getOrSet('a', loads.load, options);
beforeEach(() => {
  clock = new ManualClock();
  loads = new HeldLoads();
});

afterEach(async () => {
  await cache.close();
  expectNoTimers(clock);
});

describe('early refresh', () => {
  it('begins with the first hit after refreshAfterRatio of the ttl, behind the fresh value', async () => {
    open({ refreshAfterRatio: 0.8 });
    await cache.set('a', 'old');
    clock.advance(79);
    expect(await read()).toBe('old');
    expect(loads.count).toBe(0);
    clock.advance(1);

    expect(await Promise.all([read(), read(), read()])).toEqual(['old', 'old', 'old']);
    expect(loads.count).toBe(1);
    expect(loads.contexts[0]?.previous).toMatchObject({ value: 'old' });
    await loads.resolve('new');
    expect(await read()).toBe('new');
    expect(await cache.stats()).toMatchObject({ hits: 5, misses: 0, staleServed: 0 });
  });

  it('that fails leaves the value alone, and is not tried at every hit', async () => {
    open({ refreshAfterRatio: 0.5, errorBackoffMs: 20 });
    await cache.set('a', 'old');
    clock.advance(50);
    expect(await read()).toBe('old');
    await loads.reject(new Error('down'));
    expect(await read()).toBe('old');
    expect(loads.count).toBe(1);
    clock.advance(20);
    expect(await read()).toBe('old');
    expect(loads.count).toBe(2);
    await loads.resolve('new');
  });

  it('is followed by who comes when the value is over', async () => {
    open({ refreshAfterRatio: 0.5 });
    await cache.set('a', 'old');
    clock.advance(50);
    await read();
    clock.advance(50);
    const late = read();
    await loads.resolve('new');

    expect(await late).toBe('new');
    expect(loads.count).toBe(1);
  });

  it('by xfetchBeta follows the formula of the paper', async () => {
    let dice = 0.5;
    open({ xfetchBeta: 2, random: () => dice });
    const first = read();
    clock.advance(10);
    await loads.resolve('old');
    await first;

    // 10 ms of load * 2 * -ln(0.5) = 13.9 ms before the end.
    clock.advance(86);
    expect(await read()).toBe('old');
    expect(loads.count).toBe(1);
    dice = 0.49;
    expect(await read()).toBe('old');
    expect(loads.count).toBe(2);
    await loads.resolve('new');
  });

  it('may be asked for by a call', async () => {
    open();
    await cache.set('a', 'old');
    clock.advance(60);
    expect(await read()).toBe('old');
    expect(loads.count).toBe(0);
    expect(await read({ refreshAfterRatio: 0.6 })).toBe('old');
    expect(loads.count).toBe(1);
    await loads.resolve('new');
  });
});
