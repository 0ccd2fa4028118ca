import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager } from '../src/index.ts';

describe('CacheManager.namespace', () => {
  let cache: CacheManager;

  beforeEach(() => {
    cache = new CacheManager();
  });

  afterEach(async () => {
    await cache.close();
  });

  it('keeps its keys under its prefix', async () => {
    const users = cache.namespace('user:');
    await users.set('1', 'Ada');
    await cache.set('1', 'other');

    expect(users.prefix).toBe('user:');
    expect(await users.get('1')).toBe('Ada');
    expect(await cache.get('user:1')).toBe('Ada');
    expect(await users.has('2')).toBe(false);
    expect(await users.getEntry('1')).toMatchObject({ hit: true, value: 'Ada' });
    expect(await users.delete('1')).toBe(true);
    expect(await cache.get('1')).toBe('other');
  });

  it('gives loaders the key as its caller wrote it', async () => {
    const users = cache.namespace('user:');

    expect(await users.getOrSet('7', ({ key }) => `user ${key}`)).toBe('user 7');
    expect(await cache.get('user:7')).toBe('user 7');
  });

  it('reads, writes and lists many under its own keys', async () => {
    const users = cache.namespace('user:');
    await cache.set('item:1', 0);
    await users.setMany([
      ['1', 'a'],
      ['2', 'b'],
    ]);

    expect([...(await users.getMany(['2', '3', '1']))]).toEqual([
      ['2', 'b'],
      ['1', 'a'],
    ]);
    expect((await Array.fromAsync(users.keys())).sort()).toEqual(['1', '2']);
    expect(await Array.fromAsync(users.keys({ pattern: '[!1]' }))).toEqual(['2']);
    expect(await users.deleteMany(['1', '9'])).toBe(1);
  });

  it('clears and invalidates only its own keys, whatever its prefix looks like', async () => {
    for (const prefix of ['a*:', '{x}:', '!:']) {
      const part = cache.namespace(prefix);
      await part.setMany([
        ['1', 1],
        ['2', 2],
      ]);
      await cache.setMany([
        ['ab:1', 1],
        ['x:1', 1],
      ]);

      expect(await part.invalidatePattern('1')).toBe(1);
      await part.clear();
      expect((await Array.fromAsync(cache.keys())).sort()).toEqual(['ab:1', 'x:1']);
      await expect(part.invalidatePattern('!1')).rejects.toThrow(TypeError);
    }
  });

  it('shares tags, loads and statistics with the cache', async () => {
    const users = cache.namespace('user:');
    await users.set('1', 1, { tags: ['t'] });
    await cache.set('1', 1, { tags: ['t'] });
    await users.get('1');

    expect(await users.invalidateTags(['t'])).toBe(2);
    const { promise, resolve } = Promise.withResolvers<number>();
    const waits = [users.getOrSet('2', () => promise), cache.getOrSet('user:2', () => 5)];
    resolve(2);
    expect(await Promise.all(waits)).toEqual([2, 2]);
    expect(await cache.stats()).toMatchObject({ hits: 1, misses: 2, loads: 1, coalesced: 1 });
  });

  it('may hold another namespace', async () => {
    await cache.namespace('a:').namespace('b:').set('c', 1);

    expect(await cache.get('a:b:c')).toBe(1);
    expect(() => cache.namespace('')).toThrow('prefix must be a string that is not empty');
    expect(() => cache.namespace(undefined as never)).toThrow(TypeError);
  });
});
