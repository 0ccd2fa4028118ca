import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { affixPattern } from '../key-patterns.ts';
import { ManualClock } from '../manual-clock.ts';
import type { OpenStore } from './store-opener.ts';
import { temporaryFolder } from './temporary-folder.ts';

const entry = (value: unknown, tags?: readonly string[]) => ({ value, createdAt: 0, tags });

/** What a persistent store remembers of changes, for itself and for others, as tests. */
export function describeStoreInvalidation(name: string, open: OpenStore): void {
  describe(`${name}.invalidate`, () => {
    it('hides entries at once and leaves their removal to the purge', async () => {
      const store = await open(temporaryFolder());
      await store.setMany(
        Array.from({ length: 700 }, (_, index) => [
          `user:${index}`,
          entry(index, [index % 2 === 0 ? 'even' : 'odd']),
        ]),
      );

      await store.invalidate({ tags: ['even'] });
      await store.invalidate({ pattern: affixPattern('user:1') });
      expect(await store.stats()).toMatchObject({ entries: 700 });
      expect(await store.get('user:2')).toBeUndefined();
      expect(await store.delete('user:4')).toBe(false);
      expect(await Array.fromAsync(store.keys())).toHaveLength(350 - 56);

      expect(await store.purgeExpired()).toBe(0);
      expect(await store.stats()).toMatchObject({ entries: 350 - 56, expirations: 0 });
      await store.close();
    });

    it('is remembered by a store that is opened later', async () => {
      const folder = temporaryFolder();
      const first = await open(folder);
      await first.setMany(['a:1', 'b:1'].map((key) => [key, entry(key, ['\ud800', key])]));
      await first.set('c', entry('c', ['\ud801']));
      await first.invalidate({ tags: ['\ud800'] });
      await first.set('a:1', entry('new', ['\ud800']));
      await first.close();

      const second = await open(folder);
      expect((await Array.fromAsync(second.keys())).sort()).toEqual(['a:1', 'c']);
      await second.invalidate({ pattern: affixPattern('a:', '\0') });
      expect((await second.get('a:1'))?.value).toBe('new');
      await second.close();
    });

    it('keeps at most 64 patterns and forgets none', async () => {
      const store = await open(temporaryFolder());
      const keys = Array.from({ length: 100 }, (_, index) => `key:${index}:`);
      await store.setMany(keys.map((key) => [key, entry(key)]));

      await Promise.all(
        keys.slice(0, 80).map(async (key) => store.invalidate({ pattern: affixPattern(key) })),
      );
      await store.invalidate({ pattern: affixPattern(keys[0] ?? '') });

      // The oldest were carried out, the others are remembered.
      expect((await store.stats()).entries).toBeLessThanOrEqual(100 - (80 - 64));
      expect((await Array.fromAsync(store.keys())).sort()).toEqual(keys.slice(80).sort());
      await store.close();
    });

    it('carries tags out beyond 10,000', async () => {
      const store = await open(temporaryFolder());
      await store.set('a', entry(1, ['tag:1']));
      await store.set('b', entry(2, ['other']));
      await store.invalidate({
        tags: Array.from({ length: 10_001 }, (_, index) => `tag:${index}`),
      });

      expect(await Array.fromAsync(store.keys())).toEqual(['b']);
      expect(await store.stats()).toMatchObject({ entries: 1 });
      await store.close();
    });

    it('takes what another program wrote for a pattern as matching its prefix', async () => {
      const folder = temporaryFolder();
      const [store, other] = [await open(folder), await open(folder)];
      await other.setMany(['a:1', 'b:1'].map((key) => [key, entry(key)]));
      await store.invalidate({ pattern: { ...affixPattern('a:'), regexSource: '(' } });

      expect(await Array.fromAsync(other.keys())).toEqual(['b:1']);
      await Promise.all([store.close(), other.close()]);
    });
  });

  describe(`${name}.set with since, after a sweep`, () => {
    it('is dropped when what happened since was forgotten', async () => {
      const store = await open(temporaryFolder());
      await store.set('a', entry('old', ['t']));
      const since = await store.mark();
      await store.invalidate({ tags: ['t'] });
      await store.purgeExpired();
      await store.set('a', entry('loaded', ['t']), { since });
      expect(await store.get('a')).toBeUndefined();

      const again = await store.mark();
      await store.set('a', entry('loaded', ['t']), { since: again });
      expect((await store.get('a'))?.value).toBe('loaded');
      await store.close();
    });

    it('remembers the last 10,000 deletions and no more', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const since = await store.mark();
      await store.delete('first');
      const keys = Array.from({ length: 12_000 }, (_, index) => `key:${index}`);
      for (let start = 0; start < keys.length; start += 1_000) {
        await store.deleteMany(keys.slice(start, start + 1_000));
      }

      await store.set('first', entry('loaded'), { since });
      expect(await store.get('first')).toBeUndefined();
      expect((await store.changesSince(since)).keys).toEqual([]);
      const other = await open(folder);
      expect((await other.changesSince(since)).keys).toBe('all');
      await Promise.all([store.close(), other.close()]);
    });

    it('takes no position of an earlier store in the same place for its own', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const since = await store.mark();
      await store.close();
      rmSync(folder, { recursive: true });

      const next = await open(folder);
      expect((await next.changesSince(since)).keys).toBe('all');
      await next.set('a', entry('loaded'), { since });
      expect(await next.get('a')).toBeUndefined();
      await next.close();
    });
  });

  describe(`several ${name}s over one medium`, () => {
    it('reach entries that they never saw', async () => {
      const folder = temporaryFolder();
      const [store, other] = [await open(folder), await open(folder)];
      const put = async (key: string, tag: string): Promise<void> =>
        other.set(key, entry(key, [tag]));
      await put('user:1', 'a');
      await put('user:2', 'a');
      await put('item:1', 'b');

      await store.invalidate({ pattern: affixPattern('user:') });
      expect(await Array.fromAsync(other.keys())).toEqual(['item:1']);
      expect(await store.delete('item:1')).toBe(true);
      await put('item:2', 'b');
      await store.clear();
      expect(await other.get('item:2')).toBeUndefined();
      await Promise.all([store.close(), other.close()]);
    });

    it('purge and list by what the others renewed', async () => {
      const folder = temporaryFolder();
      const clock = new ManualClock();
      const [store, other] = [await open(folder, { clock }), await open(folder, { clock })];
      const expiresAt = clock.now() + 10;
      await store.set('a', { ...entry(1), expiresAt });
      await store.set('b', { ...entry(1), expiresAt });
      await other.set('a', entry(2));
      clock.advance(10);

      expect(await Array.fromAsync(store.keys())).toEqual(['a']);
      expect(await store.purgeExpired()).toBe(1);
      expect(await Array.fromAsync(store.keys())).toEqual(['a']);
      expect((await store.get('a'))?.value).toBe(2);
      await Promise.all([store.close(), other.close()]);
    });

    it('write at once, each seeing what the others did', async () => {
      const folder = temporaryFolder();
      const stores = await Promise.all([1, 2, 3].map(() => open(folder)));
      const [first, second] = stores;
      await Promise.all(
        stores.flatMap((store, owner) =>
          Array.from({ length: 50 }, async (_, index) =>
            store.set(`user:${owner}:${index}`, entry(index, [`t${owner}`])),
          ),
        ),
      );

      expect(await first?.stats()).toMatchObject({ entries: 150 });
      await first?.invalidate({ pattern: affixPattern('user:1') });
      expect(await second?.get('user:1:7')).toBeUndefined();
      await second?.invalidate({ tags: ['t2', 't1'] });
      expect(await first?.get('user:2:7')).toBeUndefined();
      expect((await first?.get('user:0:7'))?.value).toBe(7);
      await second?.clear();
      expect(await first?.get('user:0:0')).toBeUndefined();
      await first?.set('a', entry(1));
      expect((await second?.get('a'))?.value).toBe(1);
      await Promise.all(stores.map(async (store) => store.close()));
    });
  });
}
