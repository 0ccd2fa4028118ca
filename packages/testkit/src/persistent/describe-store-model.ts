import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affixPattern } from '../key-patterns.ts';
import { StoreModel } from './store-model.ts';
import type { OpenStore, SharedStore } from './store-opener.ts';
import { temporaryFolder } from './temporary-folder.ts';

const keys = ['a', 'b', 'x:1', 'x:2'] as const;

interface Step {
  readonly actor: number;
  readonly action:
    | 'set'
    | 'load'
    | 'delete'
    | 'tag'
    | 'pattern'
    | 'clear'
    | 'purge'
    | 'compact'
    | 'mark';
  readonly key: string;
  readonly tag: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.nat(1),
  action: fc.constantFrom<Step['action'][]>(
    'set',
    'load',
    'delete',
    'tag',
    'pattern',
    'clear',
    'purge',
    'compact',
    'mark',
  ),
  key: fc.constantFrom(...keys),
  tag: fc.constantFrom('red', 'blue'),
});

/** Two stores over one medium, and the map that they should equal. */
class Play {
  readonly #stores: readonly SharedStore[];
  readonly #model = new StoreModel();
  #mark = 0;
  #value = 0;

  constructor(stores: readonly SharedStore[]) {
    this.#stores = stores;
  }

  async start(): Promise<void> {
    await this.#remember(this.#storeOf(0));
  }

  take(step: Step): Promise<void> {
    return this.#take(this.#storeOf(step.actor), step);
  }

  /** What all stores should have. */
  expected(): Record<string, unknown> {
    return Object.fromEntries(
      Array.from(this.#model.entries, ([key, { value }]) => [key, value] as const),
    );
  }

  /** What each store has. */
  answers(): Promise<Record<string, unknown>[]> {
    return Promise.all(
      this.#stores.map(async (store) => {
        const found = await Array.fromAsync(store.keys());
        const entries = await store.getMany(found);
        return Object.fromEntries(found.map((key, index) => [key, entries[index]?.value] as const));
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores.map(async (store) => store.close()));
  }

  #storeOf(actor: number): SharedStore {
    const store = this.#stores[actor];
    if (store === undefined) throw new RangeError(`there is no store ${actor}`);
    return store;
  }

  async #take(store: SharedStore, { action, key, tag }: Step): Promise<void> {
    const model = this.#model;
    const value = ++this.#value;
    const entry = { value, createdAt: 0, tags: [tag] };
    switch (action) {
      case 'mark':
        return this.#remember(store);
      case 'set':
        model.set(key, value, tag);
        return store.set(key, entry);
      case 'load':
        model.load(key, value, tag);
        return store.set(key, entry, { since: this.#mark });
      case 'delete':
        model.delete([key]);
        return void (await store.delete(key));
      case 'tag':
        model.invalidateTag(tag);
        return void (await store.invalidate({ tags: [tag] }));
      case 'pattern':
        model.delete(['x:1', 'x:2']);
        return void (await store.invalidate({ pattern: affixPattern('x:') }));
      case 'clear':
        model.delete(keys);
        return store.clear();
      case 'purge':
      case 'compact':
        await (action === 'purge' ? store.purgeExpired() : store.compact());
        // It forgets what happened before it, if there was anything to carry out.
        return this.#remember(store);
    }
  }

  async #remember(store: SharedStore): Promise<void> {
    this.#mark = await store.mark();
    this.#model.mark();
  }
}

/** That two stores over one medium answer what one map would, after any changes, as a test. */
export function describeStoreModel(name: string, open: OpenStore): void {
  describe(`two ${name}s over one medium`, () => {
    it('answer what one plain map would', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const folder = temporaryFolder();
          const play = new Play([await open(folder), await open(folder)]);
          await play.start();
          for (const one of steps) {
            await play.take(one);
            const expected = play.expected();
            expect(await play.answers()).toEqual([expected, expected]);
          }
          await play.close();
        }),
        { numRuns: 50 },
      );
    });
  });
}
