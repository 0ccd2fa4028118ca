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

describe('how a result is kept', () => {
  it('shortens the ttl at random by at most ttlJitterRatio', async () => {
    let dice = 0;
    open({ ttlJitterRatio: 0.2, random: () => dice });
    await cache.set('whole', 1);
    dice = 0.5;
    await cache.set('less', 1);
    const wait = read();
    await loads.resolve('new');
    await wait;

    clock.advance(89);
    expect((await cache.getMany(['whole', 'less', 'a'])).size).toBe(3);
    clock.advance(1);
    expect([...(await cache.getMany(['whole', 'less', 'a'])).keys()]).toEqual(['whole']);
  });

  it('takes the ttl from the value', async () => {
    open();
    const ttlMs = (value: string): number => value.length;
    const wait = read({ ttlMs });
    await loads.resolve('seven..');
    await wait;

    clock.advance(6);
    expect(await cache.get('a')).toBe('seven..');
    clock.advance(1);
    expect(await cache.get('a')).toBeUndefined();
    await expect(cache.getOrSet('b', () => 'x', { ttlMs: () => -1 })).rejects.toThrow(RangeError);
  });

  it('follows what the loader says before anything else', async () => {
    open({ staleIfErrorMs: 50 });
    const options = { ttlMs: 5, tags: ['mine'] };
    await cache.getOrSet(
      'a',
      ({ keep }) => {
        keep({ ttlMs: 500, tags: ['theirs'], staleIfErrorMs: 0 });
        return 'x';
      },
      options,
    );
    await cache.getOrSet('b', ({ keep }) => (keep({ ttlMs: 0 }), 'x'), options);

    expect(await cache.has('b')).toBe(false);
    expect(await cache.invalidateTags(['mine'])).toBe(0);
    clock.advance(499);
    expect(await cache.get('a')).toBe('x');
    expect(await cache.invalidateTags(['theirs'])).toBe(1);
    await expect(cache.getOrSet('c', ({ keep }) => keep({ ttlMs: -1 }))).rejects.toThrow(
      'ttlMs must be a number of at least 0, got -1',
    );
  });

  it('shows the loader what was kept before', async () => {
    open({ staleIfErrorMs: 50 });
    await cache.set('a', 'old', { tags: ['t'] });
    clock.advance(110);
    const wait = read();
    expect(loads.contexts[0]?.previous).toMatchObject({ value: 'old', tags: ['t'] });
    await loads.resolve('new');
    await wait;

    await cache.getOrSet('b', ({ previous }) => expect(previous).toBeUndefined());
  });

  it('keeps undefined if asked', async () => {
    open({ cacheUndefined: true });
    let runs = 0;
    const load = (): undefined => void runs++;
    await cache.getOrSet('a', load);
    await cache.getOrSet('a', load);

    expect(runs).toBe(1);
    expect(await cache.has('a')).toBe(true);
  });

  it('keeps an error for errorTtlMs, without showing it to other reads', async () => {
    open({ errorTtlMs: 20 });
    const error = new Error('not found');
    const fail = (): Promise<string> => cache.getOrSet('a', () => Promise.reject(error));
    await expect(fail()).rejects.toBe(error);
    await expect(fail()).rejects.toBe(error);

    expect(await cache.stats()).toMatchObject({ loads: 1, loadFailures: 1 });
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.getEntry('a')).toEqual({ hit: false });
    expect(await cache.getMany(['a'])).toEqual(new Map());
    clock.advance(20);
    expect(await cache.getOrSet('a', () => 'found')).toBe('found');
  });

  it('does not overwrite a value that can be served by an error', async () => {
    open({ errorTtlMs: 20, staleIfErrorMs: 5_000 });
    await cache.set('a', 'old');
    clock.advance(110);
    const wait = read();
    await loads.reject(new Error('down'));

    expect(await wait).toBe('old');
    expect(await cache.getEntry('a')).toMatchObject({ value: 'old', stale: true });
  });

  it.each([
    [{ staleIfErrorMs: -1 }, RangeError],
    [{ staleWhileRevalidateMs: NaN }, RangeError],
    [{ softTimeoutMs: '5' }, TypeError],
    [{ hardTimeoutMs: 0 }, RangeError],
    [{ refreshAfterRatio: 2 }, RangeError],
    [{ xfetchBeta: -1 }, RangeError],
    [{ ttlJitterRatio: 1.5 }, RangeError],
    [{ errorTtlMs: -1 }, RangeError],
    [{ cacheUndefined: 'yes' }, TypeError],
  ])('refuses the options %j', async (options, error) => {
    open();
    expect(() => new CacheManager(options as never)).toThrow(error);
    await expect(read(options as never)).rejects.toThrow(error);
  });

  it.each([
    [{ leaseTtlMs: -1 }, RangeError],
    [{ storeTimeoutMs: 0 }, RangeError],
    [{ random: 5 }, TypeError],
  ])('refuses the options %j of a cache', (options, error) => {
    open();
    expect(() => new CacheManager(options as never)).toThrow(error);
  });
});
