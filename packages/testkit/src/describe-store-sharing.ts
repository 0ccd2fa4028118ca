import type { Awaitable, Clock, Entry, Store, StoreChanges, StoreLease } from '@x/interfaces';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { hostileKeys } from './hostile-keys.ts';
import { affixPattern } from './key-patterns.ts';
import { ManualClock } from './manual-clock.ts';

/** Ways in which a key can change. */
const changes: readonly (readonly [string, (store: Store, entry: Entry) => Awaitable<unknown>])[] =
  [
    ['a write', (store, entry) => store.set('user:1', entry)],
    ['a write of many', (store, entry) => store.setMany([['user:1', entry]])],
    ['a deletion', (store) => store.delete('user:1')],
    ['a deletion of many', (store) => store.deleteMany(['user:0', 'user:1'])],
    ['an invalidation of its tag', (store) => store.invalidate({ tags: ['other', 'red'] })],
    [
      'an invalidation of its pattern',
      (store) => store.invalidate({ pattern: affixPattern('user:') }),
    ],
    ['a clear', (store) => store.clear()],
  ];

/**
 * The optional capabilities of a store, as tests that are skipped for a store without them.
 *
 * @param open - opens an empty store; called once per test
 * @param openAnother - opens a second store over the same medium; without it the first plays both parts
 */
export function describeStoreSharing(
  name: string,
  open: (clock: Clock) => Awaitable<Store>,
  openAnother: ((clock: Clock) => Awaitable<Store>) | undefined,
): void {
  describe(`${name} keeps the contract of its capabilities`, () => {
    let clock: ManualClock;
    let store: Store;
    let other: Store;

    const entry = (value: unknown, more: Partial<Entry> = {}): Entry => ({
      value,
      createdAt: clock.now(),
      tags: ['red'],
      ...more,
    });
    const valueOf = async (key: string): Promise<unknown> => (await store.get(key))?.value;

    const mark = async (context: TestContext): Promise<number> => {
      context.skip(store.mark === undefined, 'the store has no mark');
      return (await store.mark?.()) ?? 0;
    };
    const changesSince = async (cursor: number): Promise<StoreChanges> =>
      (await store.changesSince?.(cursor)) ?? { cursor, keys: [] };
    const cursorOf = async (context: TestContext): Promise<number> => {
      const missing = store.changesSince === undefined || openAnother === undefined;
      context.skip(missing, 'the store tells no changes of others');
      return mark(context);
    };
    const lease = async (key: string, ttlMs = 1_000, of = store): Promise<StoreLease | undefined> =>
      of.lease?.(key, ttlMs);
    const needLease = (context: TestContext): void =>
      context.skip(store.lease === undefined, 'the store has no leases');

    beforeEach(async () => {
      clock = new ManualClock();
      store = await open(clock);
      other = (await openAnother?.(clock)) ?? store;
    });

    afterEach(async () => {
      await other.close();
      await store.close();
    });

    describe('set with since', () => {
      it('keeps an entry of which nothing changed meanwhile', async (context) => {
        await store.set('user:1', entry('old'));
        const since = await mark(context);
        await other.set('user:2', entry('other'));
        await other.delete('user:3');
        await other.invalidate({ tags: ['blue'] });
        await other.invalidate({ pattern: affixPattern('item:') });
        await store.set('user:1', entry('loaded'), { since });
        await store.setMany([['user:4', entry('loaded')]], { since });

        expect(await valueOf('user:1')).toBe('loaded');
        expect(await valueOf('user:4')).toBe('loaded');
      });

      it.for(changes)('loses to %s after it', async ([, change], context) => {
        await store.set('user:1', entry('old'));
        const since = await mark(context);
        await change(other, entry('newer'));
        const after = await valueOf('user:1');
        await store.set('user:1', entry('loaded'), { since });

        expect(after).not.toBe('old');
        expect(await valueOf('user:1')).toBe(after);
      });

      it.for(changes)('loses to %s of a key that was not there', async ([, change], context) => {
        const since = await mark(context);
        await change(other, entry('newer'));
        const after = await valueOf('user:1');
        await store.set('user:1', entry('loaded'), { since });

        expect(await valueOf('user:1')).toBe(after);
      });

      it.for(changes)('loses to %s that is on its way before it', async ([, change], context) => {
        await store.set('user:1', entry('old'));
        const since = await mark(context);
        const changing = change(store, entry('newer'));
        await store.set('user:1', entry('loaded'), { since });
        await changing;

        expect(['newer', undefined]).toContain(await valueOf('user:1'));
      });

      it.for(changes)(
        'wins over %s before it, also one on its way',
        async ([, change], context) => {
          await store.set('user:1', entry('old'));
          const changing = change(store, entry('newer'));
          const since = await mark(context);
          await store.set('user:1', entry('loaded'), { since });
          await changing;

          expect(await valueOf('user:1')).toBe('loaded');
        },
      );

      it('drops of many only what was overtaken', async (context) => {
        const since = await mark(context);
        await other.delete('b');
        await store.setMany(
          ['a', 'b', 'c'].map((key) => [key, entry('loaded')]),
          { since },
        );

        expect(await Promise.all(['a', 'b', 'c'].map(valueOf))).toEqual([
          'loaded',
          undefined,
          'loaded',
        ]);
      });

      it('lets the first of two loads win', async (context) => {
        const since = await mark(context);
        await store.set('a', entry('first'), { since });
        await store.set('a', entry('second'), { since });

        expect(await valueOf('a')).toBe('first');
      });

      it('knows of a write whose entry has been purged since', async (context) => {
        const since = await mark(context);
        await other.set('a', entry('newer', { expiresAt: clock.now() + 10 }));
        clock.advance(10);
        await other.purgeExpired();
        await store.set('a', entry('loaded'), { since });

        expect(await valueOf('a')).toBeUndefined();
      });

      it('does not take a purge for a change', async (context) => {
        await store.set('a', entry('old', { expiresAt: clock.now() + 10 }));
        const since = await mark(context);
        clock.advance(10);
        await other.purgeExpired();
        await store.set('a', entry('loaded'), { since });

        expect(await valueOf('a')).toBe('loaded');
      });

      it('tells hostile keys apart', async (context) => {
        const since = await mark(context);
        const gone = hostileKeys.filter((_, index) => index % 2 === 0);
        await other.deleteMany(gone);
        await store.setMany(
          hostileKeys.map((key) => [key, entry(key)]),
          { since },
        );

        const kept = hostileKeys.filter((key) => !gone.includes(key));
        const found = await store.getMany(hostileKeys);
        const listed = found.flatMap((one) => (one === undefined ? [] : [one.value as string]));
        // A store may forget single keys that are very long, and then drops the write to be safe.
        expect(listed.filter((key) => gone.includes(key))).toEqual([]);
        expect(kept).toEqual(expect.arrayContaining(listed));
      });
    });

    describe('changesSince', () => {
      /** Those of `keys` that the answer leaves out. */
      const untold = (changed: StoreChanges, ...keys: string[]): string[] =>
        changed.keys === 'all' ? [] : keys.filter((key) => !changed.keys.includes(key));

      it('answers nothing while nobody else changed anything', async (context) => {
        const cursor = await cursorOf(context);
        await store.setMany([
          ['a', entry(1)],
          ['b', entry(2)],
        ]);
        await store.delete('a');
        await store.invalidate({ tags: ['red'] });

        const first = await changesSince(cursor);
        expect(first.keys).toEqual([]);
        expect(await changesSince(first.cursor)).toEqual(first);
      });

      it('tells the keys that another wrote or deleted, once', async (context) => {
        await store.setMany([
          ['a', entry(1)],
          ['b', entry(1)],
        ]);
        const cursor = await cursorOf(context);
        await other.set('a', entry(2));
        await store.set('mine', entry(1));
        await other.deleteMany(['b', 'c']);
        await store.set('mine too', entry(1));

        const changed = await changesSince(cursor);
        expect(untold(changed, 'a', 'b')).toEqual([]);
        expect(changed.keys).not.toContain('mine');
        expect(changed.keys).not.toContain('mine too');
        expect((await changesSince(changed.cursor)).keys).toEqual([]);
        expect(untold(await changesSince(cursor), 'a', 'b')).toEqual([]);
      });

      it.for(changes)('tells of %s by another', async ([, change], context) => {
        await store.set('user:1', entry('old'));
        const cursor = await cursorOf(context);
        expect((await changesSince(cursor)).keys).toEqual([]);
        await change(other, entry('newer'));

        const changed = await changesSince(cursor);
        expect(untold(changed, 'user:1')).toEqual([]);
        expect((await changesSince(changed.cursor)).keys).toEqual([]);
      });

      it('tells of many changes, one by one or as a whole', async (context) => {
        const cursor = await cursorOf(context);
        const keys = Array.from({ length: 3_000 }, (_, index) => `key:${index}`);
        await other.setMany(keys.map((key) => [key, entry(key)]));

        expect(untold(await changesSince(cursor), ...keys)).toEqual([]);
      });

      it('takes neither purges nor leases for changes', async (context) => {
        await store.set('a', entry(1, { expiresAt: clock.now() + 10 }));
        const cursor = await cursorOf(context);
        clock.advance(10);
        await other.purgeExpired();
        await lease('b', 1_000, other);

        expect((await changesSince(cursor)).keys).toEqual([]);
      });

      it('answers all for a position that it does not know', async (context) => {
        const cursor = await cursorOf(context);

        expect((await changesSince(cursor + 1_000_000)).keys).toBe('all');
      });
    });

    describe('lease', () => {
      it('is held by one at a time', async (context) => {
        needLease(context);
        const held = await lease('a');

        expect(held?.deadline).toBe(clock.now() + 1_000);
        expect(await lease('a', 1_000, other)).toBeUndefined();
        expect(await lease('a')).toBeUndefined();
        expect(await lease('b', 1_000, other)).toBeDefined();
        await held?.release();
        expect(await lease('a', 1_000, other)).toBeDefined();
      });

      it('ends at its deadline, and is then lost', async (context) => {
        needLease(context);
        const held = await lease('a');
        clock.advance(999);
        expect(await lease('a', 1_000, other)).toBeUndefined();
        clock.advance(1);
        expect(await lease('a', 1_000, other)).toBeDefined();

        expect(await held?.renew(1_000)).toBe(false);
        await held?.release();
        await held?.release();
        expect(await lease('a')).toBeUndefined();
      });

      it('lasts longer when it is renewed', async (context) => {
        needLease(context);
        const held = await lease('a');
        clock.advance(900);
        expect(await held?.renew(1_000)).toBe(true);
        expect(held?.deadline).toBe(clock.now() + 1_000);
        clock.advance(900);

        expect(await lease('a', 1_000, other)).toBeUndefined();
        await held?.[Symbol.asyncDispose]();
        expect(await held?.renew(1_000)).toBe(false);
        expect(await lease('a', 1_000, other)).toBeDefined();
      });

      it('may have run out before it is renewed', async (context) => {
        needLease(context);
        const held = await lease('a');
        clock.advance(1_000);

        expect(await held?.renew(1_000)).toBe(false);
        expect(await lease('a', 1_000, other)).toBeDefined();
      });

      it('does not outlast a clock that goes back', async (context) => {
        needLease(context);
        await lease('a');
        clock.stepWallClock(-86_400_000);

        expect(await lease('a', 1_000, other)).toBeDefined();
      });

      it('tells hostile keys apart', async (context) => {
        needLease(context);
        const held = await Promise.all(hostileKeys.map((key) => lease(key)));
        const again = await Promise.all(hostileKeys.map((key) => lease(key, 1_000, other)));

        expect(held).not.toContain(undefined);
        expect(again.every((one) => one === undefined)).toBe(true);
      });

      it('refuses a time that is none', async (context) => {
        needLease(context);

        await expect(async () => lease('a', 0)).rejects.toThrow('ttlMs');
        await expect(async () => lease('a', NaN)).rejects.toThrow('ttlMs');
      });
    });
  });
}
