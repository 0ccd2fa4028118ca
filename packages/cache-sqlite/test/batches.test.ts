import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type DriverName, SqliteStore } from '../src/index.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');

type Step =
  | { readonly kind: 'set'; readonly key: string; readonly tags?: readonly string[] }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly tags: readonly string[] }
  | { readonly kind: 'clear' };

// One key is too long to be remembered when it is removed.
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'long'.repeat(300));
const tags = fc.subarray(['s', 't', 'u'], { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('set'), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set'), key, tags }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete'), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('invalidate'), tags }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear') }) },
);
/** What is asked for in one tick each: fewer and more than one statement takes. */
const ticks = fc.array(fc.array(step, { minLength: 1, maxLength: 30 }), { maxLength: 6 });

interface Kept {
  readonly value: string;
  readonly tags: readonly string[];
}

/** What a plain map makes of the steps, beside the store. */
class Model {
  readonly kept = new Map<string, Kept>();
  #values = 0;

  apply(store: SqliteStore, one: Step): Promise<unknown> {
    switch (one.kind) {
      case 'set': {
        const value = 'v'.repeat(this.#values % 40) + String(this.#values++);
        this.kept.set(one.key, { value, tags: one.tags ?? [] });
        return store.set(one.key, { value, createdAt: 0, tags: one.tags });
      }
      case 'delete':
        this.kept.delete(one.key);
        return store.delete(one.key);
      case 'invalidate':
        for (const [name, entry] of this.kept) {
          if (entry.tags.some((tag) => one.tags.includes(tag))) this.kept.delete(name);
        }
        return store.invalidate({ tags: one.tags });
      case 'clear':
        this.kept.clear();
        return store.clear();
    }
  }

  get values(): Record<string, string> {
    return Object.fromEntries([...this.kept].map(([name, { value }]) => [name, value]));
  }
}

async function valuesOf(store: SqliteStore): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for await (const name of store.keys()) values[name] = (await store.get(name))?.value;
  return values;
}

/** The totals that the store keeps are what counting finds. */
async function checkTotals(store: SqliteStore): Promise<void> {
  const { entries, bytes } = await store.stats();
  expect(await store.verify()).toMatchObject({ entries, damaged: 0, problems: [] });
  expect(await store.stats()).toMatchObject({ entries, bytes });
}

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])(
  'changes of one tick, %s',
  (driver) => {
    it.each(Array.from({ length: 35 }, (_, index) => index + 1))(
      'are there, and told to others, when there are %i of them',
      async (count) => {
        const path = newPath();
        const store = await SqliteStore.open({ path, driver });
        const other = await SqliteStore.open({ path, driver });
        const keys = Array.from({ length: count }, (_, index) => `key:${index}`);
        const before = await other.mark();

        await Promise.all(keys.map((name) => store.set(name, { value: name, createdAt: 0 })));
        const removed = keys.filter((_, index) => index % 3 === 1);
        const left = keys.filter((_, index) => index % 3 !== 1);
        await Promise.all(
          keys.map((name, index) =>
            index % 3 === 1 ? store.delete(name) : store.set(name, { value: index, createdAt: 0 }),
          ),
        );

        expect(Object.keys(await valuesOf(other))).toEqual([...left].sort());
        expect(await other.mark()).toBe(before + count * 2);
        const told = await other.changesSince(before);
        expect(new Set(told.keys)).toEqual(new Set([...left, ...removed]));
        await checkTotals(other);
        await store.close();
        await other.close();
      },
    );

    it('are told to others, also of entries for which there is no room', async () => {
      const path = newPath();
      const store = await SqliteStore.open({ path, driver, maxEntries: 2 });
      const other = await SqliteStore.open({ path, driver });
      const before = await other.mark();
      const keys = Array.from({ length: 20 }, (_, index) => `key:${index}`);

      await Promise.all(keys.map((name) => store.set(name, { value: name, createdAt: 0 })));

      expect(await store.stats()).toMatchObject({ entries: 2 });
      const told = await other.changesSince(before);
      expect(new Set(told.keys)).toEqual(new Set(keys));
      await store.close();
      await other.close();
    });

    it('make what a plain map would', async () => {
      await fc.assert(
        fc.asyncProperty(ticks, async (steps) => {
          const path = newPath();
          const store = await SqliteStore.open({ path, driver });
          const other = await SqliteStore.open({ path, driver });
          const model = new Model();
          for (const tick of steps) {
            await Promise.all(tick.map((one) => model.apply(store, one)));
            expect(await valuesOf(store)).toEqual(model.values);
            expect(await valuesOf(other)).toEqual(model.values);
          }
          await other.purgeExpired();
          expect(await other.stats()).toMatchObject({ entries: model.kept.size });
          await checkTotals(store);
          await store.close();
          await other.close();
        }),
        { numRuns: 30 },
      );
    });

    it('keep the totals where entries have to go', async () => {
      await fc.assert(
        fc.asyncProperty(ticks, fc.integer({ min: 1, max: 4 }), async (steps, maxEntries) => {
          const store = await SqliteStore.open({ path: newPath(), driver, maxEntries });
          const replaced: unknown[] = [];
          store.on('replace', (event) => replaced.push(event));
          const model = new Model();
          for (const tick of steps) {
            await Promise.all(tick.map((one) => model.apply(store, one)));
            expect(model.values).toMatchObject(await valuesOf(store));
          }
          await checkTotals(store);
          expect(replaced).toEqual([]);
          await store.close();
        }),
        { numRuns: 30 },
      );
    });
  },
);

it('SqliteStore numbers on where every change overtakes the one before', async () => {
  const path = newPath();
  const store = await SqliteStore.open({ path, clock: new ManualClock() });
  const begin = await store.mark();
  for (let change = 0; change < 450; change++)
    await store.set('a', { value: change, createdAt: 0 });

  const database = new Database(path, { readonly: true });
  const changes = database.prepare('SELECT count(*) FROM changes').pluck().get();
  database.close();
  expect(changes).toBeLessThan(210);
  expect(await store.mark()).toBe(begin + 450);
  expect((await store.get('a'))?.value).toBe(449);
  await checkTotals(store);
  await store.close();
});
