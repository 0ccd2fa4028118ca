import { describeStore, describeStoreBytes } from '@x/testkit';
import { MemoryStore } from '../src/index.ts';

describeStore('MemoryStore', (clock) => new MemoryStore({ clock, maxEntries: Infinity }));
describeStore(
  'MemoryStore with clone: structured',
  (clock) => new MemoryStore({ clock, maxEntries: Infinity, clone: 'structured' }),
);

describeStoreBytes(
  'MemoryStore',
  (options) => new MemoryStore({ maxEntries: Infinity, ...options }),
);
