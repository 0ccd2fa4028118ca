import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache, Registry, type CreateCacheOptions } from '@x/performance';
import { ManualClock } from '@x/testkit';
import { temporaryFolder } from './temporary-folder.ts';

const persistent = ['filesystem', 'sqlite'] as const;

describe('createCache', () => {
  it('keeps entries in memory unless told otherwise, for an hour', async () => {
    const clock = new ManualClock();
    await using cache = await createCache({ clock });
    await cache.set('a', 1);

    expect((await cache.stats()).tiers.map(({ tier }) => tier)).toEqual(['memory']);
    clock.advance(3_599_999);
    expect(await cache.get('a')).toBe(1);
    clock.advance(1);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('keeps no more than 1,000 entries unless told otherwise', async () => {
    await using cache = await createCache();
    await cache.setMany(Array.from({ length: 1_500 }, (_, index) => [`key:${index}`, index]));

    const { entries, evictions } = await cache.stats();
    expect([entries, evictions]).toEqual([1_000, 500]);
  });

  it.each(persistent)('finds entries of %s again after a restart', async (backend) => {
    const directory = temporaryFolder();
    const value = { list: [1, 'two', null], when: new Date(0) };
    {
      await using cache = await createCache({ backend, directory });
      await cache.set('a', value, { tags: ['t'] });
    }
    await using cache = await createCache({ backend, directory });

    expect(await cache.get('a')).toEqual(value);
    await cache.invalidateTags(['t']);
    expect(await cache.get('a')).toBeUndefined();
  });

  it.each(persistent)('compresses what %s writes when asked', async (backend) => {
    const value = 'a well known sentence. '.repeat(40_000);
    const bytesWith = async (compression: CreateCacheOptions['compression']): Promise<number> => {
      const directory = temporaryFolder();
      await using cache = await createCache({ backend, directory, compression });
      await cache.set('a', value);
      expect(await cache.get('a')).toBe(value);
      return (await cache.stats()).bytes;
    };

    const plain = await bytesWith(false);
    expect(await bytesWith(true)).toBeLessThan(plain / 10);
    expect(await bytesWith('fflate')).toBeLessThan(plain / 10);
  });

  it.each(persistent)('bounds the entries of %s', async (backend) => {
    await using cache = await createCache({
      backend,
      directory: temporaryFolder(),
      maxEntries: 50,
    });
    for (let index = 0; index < 200; index++) await cache.set(`key:${index}`, index);

    expect((await cache.stats()).entries).toBeLessThanOrEqual(50);
    expect(await cache.get('key:199')).toBe(199);
  });

  it.each(persistent)(
    'invalidates by wildcard in %s and in the memory before it',
    async (backend) => {
      const directory = temporaryFolder();
      await using cache = await createCache({ backend, directory, maxMemoryEntries: 10 });
      await cache.setMany([
        ['user:1', 1],
        ['user:2', 2],
        ['item:1', 3],
      ]);
      await cache.invalidatePattern('user:*');

      expect([...(await cache.getMany(['user:1', 'user:2', 'item:1'])).keys()]).toEqual(['item:1']);
      expect((await cache.stats()).tiers).toHaveLength(2);
    },
  );

  it('removes expired entries by itself', async () => {
    const clock = new ManualClock();
    const directory = temporaryFolder();
    await using cache = await createCache({
      backend: 'sqlite',
      directory,
      clock,
      defaultTtlMs: 1_000,
      cleanupIntervalMs: 60_000,
    });
    await cache.set('a', 1);
    await clock.advanceAsync(59_999);
    expect((await cache.stats()).entries).toBe(1);
    await clock.advanceAsync(1);
    // The store commits in turns of its own.
    for (let turn = 0; turn < 100 && (await cache.stats()).expirations === 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }

    const { entries, expirations } = await cache.stats();
    expect([entries, expirations]).toEqual([0, 1]);
  });

  it('expands a leading ~/ to the home folder', async () => {
    const below = temporaryFolder();
    const directory = `~/${relative(homedir(), below)}`;
    await using cache = await createCache({ backend: 'sqlite', directory });
    await cache.set('a', 1);

    expect(existsSync(join(below, 'cache.sqlite'))).toBe(true);
    expect(statSync(join(below, 'cache.sqlite')).mode & 0o777).toBe(0o600);
  });

  it('writes to the meter, or not, as told', async () => {
    const registry = new Registry();
    const silent = new Registry();
    await using cache = await createCache({ meter: registry });
    await using quiet = await createCache({ meter: silent, stats: false });
    await cache.get('a');
    await quiet.get('a');

    expect(registry.snapshot().metrics.length).toBeGreaterThan(0);
    expect(silent.snapshot().metrics).toEqual([]);
  });

  it('closes the store again when an option of the cache itself is wrong', async () => {
    const directory = temporaryFolder();
    await expect(createCache({ backend: 'sqlite', directory, name: '' })).rejects.toThrow(/name/);

    // The last connection that closes removes the journal.
    expect(readdirSync(directory)).toEqual(['cache.sqlite']);
  });

  it('carries its name into metrics', async () => {
    const registry = new Registry();
    await using cache = await createCache({ name: 'users', meter: registry });
    await cache.get('a');

    expect(Object.keys(registry.summary()).join()).toContain('cache="users"');
  });

  it.each<[CreateCacheOptions, RegExp]>([
    [
      { backend: 'redis' as never },
      /^backend must be one of "memory", "filesystem", "sqlite", got "redis"$/,
    ],
    [{ defaultTtlMs: -1 }, /^defaultTtlMs must be a number of at least 0, got -1$/],
    [{ maxEntries: 0 }, /^maxEntries must be a whole number of at least 1, got 0$/],
    [{ cleanupIntervalMs: 0 }, /^cleanupIntervalMs must be a number above 0, got 0$/],
    [{ compression: 'lzma' as never }, /^compression must be one of .*got "lzma"$/],
    [{ backend: 'sqlite' }, /^directory must be the path of a folder for backend "sqlite", got/],
    [{ backend: 'filesystem', directory: '' }, /^directory must be .*, got ""$/],
    [
      { backend: 'sqlite', directory: '/tmp', compression: 'lzma' as never },
      /compression must be .*got "lzma"/,
    ],
  ])('refuses %o', async (options, message) => {
    await expect(createCache(options)).rejects.toThrow(message);
  });

  it.each(persistent)('says which folder %s cannot use', async (backend) => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'not a folder');

    await expect(createCache({ backend, directory: join(file, 'sub') })).rejects.toMatchObject({
      code: 'ERR_CACHE_OPEN',
      message: expect.stringMatching(
        new RegExp(`^directory must be a folder .* backend "${backend}", got "${file}/sub"`),
      ) as string,
    });
  });
});
