import type {
  Clock,
  EventSource,
  PersistentStore,
  PersistentStoreEvents,
  Store,
} from '@x/interfaces';

/** A store whose medium several processes may use at the same time. */
export type SharedStore = PersistentStore &
  Required<Pick<Store, 'mark' | 'changesSince' | 'lease'>> &
  EventSource<PersistentStoreEvents>;

/** Options that every persistent store has, as far as suites need them. */
export interface OpenOptions {
  readonly clock?: Clock;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
}

/** Opens a store over what is in `folder`, an empty one when the folder is empty or missing. */
export type OpenStore = (folder: string, options?: OpenOptions) => Promise<SharedStore>;

/** A module that opens stores, in the process of the test and in those that the test starts. */
export interface StoreOpener {
  readonly open: OpenStore;
  /** Its `import.meta.url`. */
  readonly address: string;
}
