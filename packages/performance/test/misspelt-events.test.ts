import { expect, it } from 'vitest';
import { BoundedDispatcher, CacheManager, FileStore, SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** As JavaScript sees it. */
interface Source extends AsyncDisposable {
  on(name: string, listener: () => void): Disposable;
}

const ofStores = 'there are evict, purge, damage, replace';

it.each([
  [
    'a cache',
    () => new CacheManager(),
    'there are hit, miss, stale, set, delete, invalidate, clear, load, error, recover',
  ],
  ['a file store', () => FileStore.open({ directory: temporaryFolder() }), ofStores],
  ['an SQLite store', () => SqliteStore.open({ path: ':memory:' }), ofStores],
])('%s has no events but its own', async (_what, open, events) => {
  await using source: Source = await open();

  expect(() => source.on('evcit', () => {})).toThrow(
    new TypeError(`there is no event "evcit"; ${events}`),
  );
});

it('a dispatcher has no events but its own', async () => {
  await using dispatcher = new BoundedDispatcher();

  expect(() => dispatcher.events.on('opened' as never, () => {})).toThrow(
    new TypeError('there is no event "opened"; there are open, close'),
  );
});
