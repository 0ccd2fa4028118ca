import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostileKeys } from '../hostile-keys.ts';
import { ManualClock } from '../manual-clock.ts';
import { remount, smallDisk } from './small-disk.ts';
import type { OpenStore } from './store-opener.ts';
import { temporaryFolder } from './temporary-folder.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });
const day = 86_400_000;

const cycle: { self?: unknown } = {};
cycle.self = cycle;

/** Values that JSON loses, changes or refuses. */
const hostileValues: readonly (readonly [string, unknown])[] = [
  ['a cycle', cycle],
  ['a bigint in a list', [10n]],
  ['NaN, infinities and minus zero', [NaN, Infinity, -Infinity, -0]],
  ['a map of sets', new Map([['k', new Set([1, { a: undefined }])]])],
  ['dates, one of them invalid', [new Date(5), new Date(NaN)]],
  ['an error with a cause', new RangeError('outer', { cause: new TypeError('inner') })],
  ['numbers in a typed array', new Float64Array([1.5, -0, NaN])],
  ['a slice of a buffer', Buffer.from('abcdef').subarray(2, 4)],
  ['lone surrogates', ['\ud800', { '\udfff': '\ud800' }]],
  ['an own __proto__', JSON.parse('{"__proto__":{"polluted":true},"a":1}')],
  ['a sparse list', [1, , 3]], // eslint-disable-line no-sparse-arrays
];

/** What ordinary disasters of one process must not do to a store, as tests. */
export function describeStoreHazards(name: string, open: OpenStore): void {
  describe(`${name} in trouble`, () => {
    it('goes by the clock when that goes a day back or forward', async () => {
      const clock = new ManualClock();
      const store = await open(temporaryFolder(), { clock });
      const expiresAt = clock.now() + 1_000;
      await store.set('a', { value: 'a', createdAt: clock.now(), expiresAt });

      clock.stepWallClock(-day);
      const since = await store.mark();
      await store.set('b', entry('b'), { since });
      expect((await store.get('b'))?.value).toBe('b');
      expect(await store.purgeExpired()).toBe(0);
      await store.delete('b');
      await store.set('b', entry('late'), { since });
      expect(await store.get('b')).toBeUndefined();

      clock.stepWallClock(2 * day);
      expect(await store.get('a')).toBeUndefined();
      expect(await store.purgeExpired()).toBe(1);
      await store.close();
    });

    it('keeps the longest keys apart, for later stores as well', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const long = 'k'.repeat(10_000_000);
      await store.set(long, entry('long'));
      await store.set(`${long}!`, entry('longer'));
      const since = await store.mark();
      await store.delete(long);
      await store.set(long, entry('loaded'), { since });
      await store.close();

      const later = await open(folder);
      expect(await later.get(long)).toBeUndefined();
      expect((await later.get(`${long}!`))?.value).toBe('longer');
      await later.close();
    });

    it('has hostile keys for later stores', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      await store.setMany(hostileKeys.map((key) => [key, entry(key)]));
      await store.close();

      const later = await open(folder);
      const found = await later.getMany(hostileKeys);
      expect(found.map((one) => one?.value)).toEqual(hostileKeys);
      expect(new Set(await Array.fromAsync(later.keys()))).toEqual(new Set(hostileKeys));
      await later.close();
    });

    it.each(hostileValues)('has %s for later stores, as it was', async (_name, value) => {
      const folder = temporaryFolder();
      const store = await open(folder);
      await store.set('a', entry(value));
      await store.close();

      const later = await open(folder);
      const found = (await later.get('a'))?.value;
      expect(found).toStrictEqual(value);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      await later.close();
    });

    it('refuses what it cannot keep, and keeps what was there', async () => {
      const store = await open(temporaryFolder());
      await store.set('a', entry('before'));

      await expect(store.set('a', entry({ b: [() => 1] }))).rejects.toThrow(/b\[0\]/u);
      await expect(store.set('a', entry({ c: Symbol('s') }))).rejects.toThrow(/\.?c/u);
      await expect(store.set('a', entry('x'.repeat(300_000_000)))).rejects.toMatchObject({
        code: 'ERR_ENTRY_TOO_LARGE',
      });
      expect((await store.get('a'))?.value).toBe('before');
      await store.close();
    });

    it('answers copies that nobody else changes', async () => {
      const store = await open(temporaryFolder());
      const value = { list: [1], bytes: Buffer.from('abc').subarray(1) };
      await store.set('a', entry(value));
      value.list.push(2);
      value.bytes.fill(0);

      const found = (await store.get('a'))?.value as typeof value;
      expect(found).toEqual({ list: [1], bytes: Buffer.from('bc') });
      found.list.push(3);
      found.bytes.fill(0);
      expect((await store.get('a'))?.value).toEqual({ list: [1], bytes: Buffer.from('bc') });
      await store.close();
    });

    it('closes when what is on its way is written', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const value = 'x'.repeat(1_000_000);
      const writes = Array.from({ length: 20 }, async (_, index) =>
        store.set(`${index}`, entry(value)),
      );
      const purge = Promise.resolve(store.purgeExpired()).catch(
        (error: { code: string }) => error.code,
      );

      await store.close();

      await Promise.all(writes);
      expect([0, 'ERR_CLOSED', 'ERR_STORE_WRITE', 'ERR_STORE_READ']).toContain(await purge);
      const again = await open(folder);
      expect(await again.verify()).toMatchObject({ entries: 20, damaged: 0 });
      await again.close();
    });

    it('keeps what it writes from other users of the system', async () => {
      const folder = join(temporaryFolder(), 'made', 'by the store');
      const store = await open(folder);
      await store.set('small', entry('x'));
      await store.set('large', entry('x'.repeat(400_000)));
      await store.lease('a', 1_000);

      const made = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      const readable = ['.', ...made].filter(
        (one) => (statSync(join(folder, one)).mode & 0o077) !== 0,
      );
      expect(readable).toEqual([]);
      expect(made.length).toBeGreaterThan(2);
      await store.close();
    });

    it('rejects writes on a full disk, takes removals, and recovers', async (context) => {
      const folder = smallDisk(context, 6);
      const store = await open(folder);
      const text = 'x'.repeat(5_000);
      const write = async (index: number): Promise<void> => store.set(`key:${index}`, entry(text));
      let written = 0;
      await expect(
        (async () => {
          for (; written < 5_000; written++) await write(written);
        })(),
      ).rejects.toMatchObject({ code: 'ERR_STORE_WRITE' });
      expect((await store.get(`key:${written - 1}`))?.value).toBe(text);
      expect(await store.get(`key:${written}`)).toBeUndefined();

      await store.delete(`key:${written - 1}`);
      expect(await store.get(`key:${written - 1}`)).toBeUndefined();
      await store.invalidate({ tags: ['t'] });
      await store.clear();
      expect(await Array.fromAsync(store.keys())).toEqual([]);

      for (let index = 0; index < 100; index++) await write(index);
      expect((await store.get('key:5'))?.value).toBe(text);
      const other = await open(folder);
      expect(await other.verify()).toMatchObject({ entries: 100, damaged: 0 });
      await Promise.all([other.close(), store.close()]);
    });

    it('says clearly that a folder cannot be written', async (context) => {
      const folder = smallDisk(context, 6);
      const store = await open(folder);
      await store.setMany(hostileKeys.slice(0, 20).map((key) => [key, entry(key)]));
      await store.close();
      remount(folder, 'ro');

      await expect(open(folder)).rejects.toMatchObject({
        code: 'ERR_STORE_OPEN',
        message: expect.stringMatching(/EROFS|read-?only/u) as string,
      });
      remount(folder, 'rw');
      const again = await open(folder);
      expect(await again.stats()).toMatchObject({ entries: 20 });
      await again.close();
    });
  });
}
