import type { Awaitable } from '@x/interfaces';
import { FailingStore, ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';
import { settle } from './loads.ts';

let cache: CacheManager;
let store: FailingStore;
let recoveries: number;

const loadMany = ({ keys }: { keys: readonly string[] }): [string, string][] =>
  keys.map((key) => [key, 'new']);

/** From now on the store reads at once what is there, and answers when the result is called. */
function answerLater(): () => void {
  const answers = Promise.withResolvers<void>();
  for (const method of ['get', 'getMany'] as const) {
    const read: (key: never) => Awaitable<unknown> = store[method].bind(store);
    store[method] = (async (key: never) => {
      const found = await read(key);
      await answers.promise;
      return found;
    }) as never;
  }
  return answers.resolve;
}

beforeEach(() => {
  const clock = new ManualClock();
  store = new FailingStore(new MemoryStore({ clock }));
  store.failing = new Set();
  cache = new CacheManager({ store, clock, cleanupIntervalMs: Infinity });
  recoveries = 0;
  cache.on('recover', () => recoveries++);
});

describe.each([
  ['an invalidation of a pattern', async () => cache.invalidatePattern('user:*')],
  ['an invalidation of a tag', async () => cache.invalidateTags(['users'])],
  ['a delete', async () => cache.delete('user:1')],
] as const)('%s that a store missed', (_, change) => {
  it.each([
    ['one', async () => cache.get('user:1')],
    ['several', async () => (await cache.getMany(['user:1', 'b'])).get('user:1')],
    [
      'several that loads',
      async () => (await cache.getOrSetMany(['user:1'], loadMany)).get('user:1'),
    ],
  ] as const)(
    'is minded by a read of %s that begins before it is made up for and ends after it',
    async (_number, read) => {
      await cache.set('user:1', 'old', { tags: ['users'] });
      store.failing = 'all';
      await change();
      store.failing = new Set();

      const answer = answerLater();
      const reading = read();
      await settle();
      await cache.set('other', 1);
      expect(recoveries).toBe(1);
      answer();
      expect(await reading).not.toBe('old');
    },
  );
});
