import type { GetOrSetOptions } from '@x/interfaces';
import { days } from '@x/interfaces';
import { ManualClock, SlowStore } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, type CacheManagerOptions, MemoryStore } from '../src/index.ts';
import { expectNoTimers, HeldLoads } from './loads.ts';

let clock: ManualClock;
let cache: CacheManager;
let loads: HeldLoads<string>;

const open = (options: CacheManagerOptions = {}): void => {
  cache = new CacheManager({ clock, ttlMs: 100, cleanupIntervalMs: Infinity, ...options });
};
const read = (options?: GetOrSetOptions<string>): Promise<string> =>
  cache.getOrSet('a', loads.load, options);
/** Keeps `'old'`, and lets its time-to-live end `staleMs` ago. */
const keepStale = async (staleMs: number): Promise<void> => {
  await cache.set('a', 'old');
  clock.advance(100 + staleMs);
};

beforeEach(() => {
  clock = new ManualClock();
  loads = new HeldLoads();
});

afterEach(async () => {
  await cache.close();
  expectNoTimers(clock);
});

describe('staleWhileRevalidateMs', () => {
  beforeEach(() => {
    open({ staleWhileRevalidateMs: 50 });
  });

  it('serves the stale value at once while one load refreshes it for all', async () => {
    await keepStale(10);

    expect(await Promise.all(Array.from({ length: 1_000 }, () => read()))).toEqual(
      Array.from({ length: 1_000 }, () => 'old'),
    );
    expect(loads.count).toBe(1);
    await loads.resolve('new');
    expect(await read()).toBe('new');
    expect(loads.count).toBe(1);
    expect(await cache.stats()).toMatchObject({
      hits: 1_001,
      staleServed: 1_000,
      misses: 0,
      loads: 1,
      coalesced: 0,
    });
  });

  it('waits for the load beyond the window', async () => {
    await keepStale(50);
    const waits = [read(), read()];

    await loads.resolve('new');

    expect(await Promise.all(waits)).toEqual(['new', 'new']);
    expect(loads.count).toBe(1);
  });

  it('is as long as each call says, at most as long as the value was kept for', async () => {
    await keepStale(10);
    const strict = read({ staleWhileRevalidateMs: 0 });
    expect(await read()).toBe('old');
    await loads.resolve('new');
    expect(await strict).toBe('new');

    await keepStale(50);
    const late = read({ staleWhileRevalidateMs: 1_000 });
    await loads.resolve('newer');
    expect(await late).toBe('newer');
  });

  it('gives the value to everybody who waits behind a slow store', async () => {
    await cache.close();
    const memory = new MemoryStore({ clock });
    open({ store: new SlowStore(memory, 5, clock), staleWhileRevalidateMs: 50 });
    const now = clock.now();
    memory.set('a', { value: 'old', createdAt: now - 10, staleAt: now, expiresAt: now + 50 });

    const waits = [read(), read(), read({ staleWhileRevalidateMs: 0 })];
    await clock.advanceAsync(6);

    expect(await Promise.all(waits.slice(0, 2))).toEqual(['old', 'old']);
    expect(loads.count).toBe(1);
    await loads.resolve('new');
    await clock.advanceAsync(10);
    expect(await waits[2]).toBe('new');
  });

  it('shows a stale value to getEntry alone', async () => {
    await keepStale(10);

    expect(await cache.getEntry('a')).toMatchObject({ hit: true, value: 'old', stale: true });
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
    expect(await cache.getMany(['a'])).toEqual(new Map());
  });

  it('lets an explicit change win over the refresh', async () => {
    await keepStale(10);
    expect(await read()).toBe('old');
    await cache.delete('a');
    await loads.resolve('late');

    expect(await cache.get('a')).toBeUndefined();
  });

  it('works for times beyond the longest timer', async () => {
    await cache.close();
    open({ ttlMs: days(30), staleWhileRevalidateMs: days(30) });
    await cache.set('a', 'old');
    clock.advance(days(59));

    expect(await read()).toBe('old');
    clock.advance(days(1));
    const wait = read();
    await loads.resolve('new');
    expect(await wait).toBe('new');
  });

  it('counts a value from the future as stale', async () => {
    await cache.set('a', 'old');
    clock.stepWallClock(-61_000);

    expect(await read()).toBe('old');
    expect(loads.count).toBe(1);
    await loads.resolve('new');
    expect(await read()).toBe('new');
    expect(loads.count).toBe(1);
  });
});

describe('staleIfErrorMs', () => {
  const fail = async (wait: Promise<string>): Promise<string> => {
    await loads.reject(new Error('down'));
    return wait;
  };

  beforeEach(() => {
    open({ staleIfErrorMs: 100_000 });
  });

  it('serves the stale value to all who wait when the load fails', async () => {
    await keepStale(10);
    const waits = [read(), read(), read({ signal: new AbortController().signal })];
    const strict = read({ staleIfErrorMs: 0 });
    await loads.reject(new Error('down'));

    expect(await Promise.all(waits)).toEqual(['old', 'old', 'old']);
    await expect(strict).rejects.toThrow('down');
    expect(loads.count).toBe(1);
    expect(await cache.stats()).toMatchObject({ staleServed: 3, misses: 4, loadFailures: 1 });
  });

  it('tries again only after a back-off, which doubles up to 32 times', async () => {
    await keepStale(10);
    expect(await fail(read())).toBe('old');

    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]) {
      clock.advance(pauseMs - 1);
      expect(await read()).toBe('old');
      const { count } = loads;
      clock.advance(1);
      expect(await fail(read())).toBe('old');
      expect(loads.count).toBe(count + 1);
    }
    clock.advance(31_999);
    expect(await read()).toBe('old');
    expect(loads.count).toBe(7);
  });

  it('forgets the back-off after a success or an explicit change', async () => {
    await keepStale(10);
    await fail(read({ errorBackoffMs: 500 }));
    await keepStale(10);
    const wait = read();

    await loads.resolve('new');
    expect(await wait).toBe('new');
  });

  it('ends with the window, whatever the back-off', async () => {
    await cache.close();
    open({ staleIfErrorMs: 500 });
    await keepStale(0);
    await fail(read());
    clock.advance(500);

    await expect(fail(read())).rejects.toThrow('down');
  });

  it('serves the stale value after softTimeoutMs, and the load goes on', async () => {
    await keepStale(10);
    const waits = [read({ softTimeoutMs: 20 }), read({ softTimeoutMs: 40 }), read()];

    await clock.advanceAsync(20);
    expect(await waits[0]).toBe('old');
    await clock.advanceAsync(20);
    expect(await waits[1]).toBe('old');
    await loads.resolve('new');
    expect(await waits[2]).toBe('new');
    expect(await read()).toBe('new');
  });

  it('waits on after softTimeoutMs without a stale value', async () => {
    const wait = read({ softTimeoutMs: 20 });
    await clock.advanceAsync(50);
    await loads.resolve('new');

    expect(await wait).toBe('new');
  });

  it('serves the stale value instead of rejecting after hardTimeoutMs', async () => {
    await keepStale(10);
    const wait = read({ hardTimeoutMs: 20 });
    await clock.advanceAsync(20);

    expect(await wait).toBe('old');
    await loads.resolve('new');
    expect(await read()).toBe('new');
  });
});

describe('hardTimeoutMs', () => {
  beforeEach(() => {
    open();
  });

  it('rejects each caller in its time, and keeps what the load still answers', async () => {
    const waits = [read({ hardTimeoutMs: 20 }), read({ hardTimeoutMs: 30 }), read()];
    const rejected = Promise.allSettled(waits.slice(0, 2));
    await clock.advanceAsync(30);

    expect(await rejected).toMatchObject([
      { reason: { code: 'ERR_CACHE_LOAD_TIMEOUT', key: 'a', timeoutMs: 20 } },
      { reason: { code: 'ERR_CACHE_LOAD_TIMEOUT', timeoutMs: 30 } },
    ]);
    expect(loads.contexts[0]?.signal.aborted).toBe(false);
    await loads.resolve('late');
    expect(await waits[2]).toBe('late');
    expect(await cache.get('a')).toBe('late');
  });

  it('leaves no timer when the load ends in time', async () => {
    const wait = read({ hardTimeoutMs: 20, softTimeoutMs: 10, staleIfErrorMs: 5 });
    await loads.resolve('new');
    await wait;

    expect(clock.pending.foreground).toBe(0);
  });

  it('lets the load go on when every caller was rejected, and newcomers join it', async () => {
    const controller = new AbortController();
    const first = read({ hardTimeoutMs: 20 });
    const second = read({ signal: controller.signal });
    const ends = Promise.allSettled([first, second]);
    await clock.advanceAsync(20);
    controller.abort();
    await ends;
    const third = read();
    await loads.resolve('late');

    expect(await third).toBe('late');
    expect(loads.count).toBe(1);
  });
});
