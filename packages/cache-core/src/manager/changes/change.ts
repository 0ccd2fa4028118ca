import type { Awaitable, Entry, InvalidationTarget, Store } from '@x/interfaces';

/** A change of one key. */
export type KeyChange =
  | {
      readonly operation: 'set';
      readonly key: string;
      readonly entry: Entry;
      /** Position of the store before the load, see `SetOptions.since`. */
      readonly since?: number | undefined;
    }
  | { readonly operation: 'delete'; readonly key: string };

/** A change of many keys that are not named. */
export type WideChange =
  | { readonly operation: 'clear' }
  | { readonly operation: 'invalidate'; readonly target: InvalidationTarget };

/** What a store is asked to change. */
export type Change =
  | KeyChange
  | WideChange
  | { readonly operation: 'setMany'; readonly entries: readonly (readonly [string, Entry])[] }
  | { readonly operation: 'deleteMany'; readonly keys: readonly string[] };

/** The one key that `change` is about, if it is. */
export function keyOf(change: Change): string | undefined {
  return 'key' in change ? change.key : undefined;
}

/** As much of `change` as can be made at any later time: what it set is removed instead. */
export function withoutValue(change: Change): Change {
  if (change.operation === 'set') return { operation: 'delete', key: change.key };
  if (change.operation !== 'setMany') return change;
  return { operation: 'deleteMany', keys: change.entries.map(([key]) => key) };
}

/** Makes `change` in `store`. `keep` makes of an entry what the store is to hold. */
export function applyChange(
  store: Store,
  change: Change,
  keep: (entry: Entry) => Entry,
): Awaitable<unknown> {
  switch (change.operation) {
    case 'set': {
      const { key, entry, since } = change;
      return since === undefined
        ? store.set(key, keep(entry))
        : store.set(key, keep(entry), { since });
    }
    case 'setMany':
      return store.setMany(change.entries.map(([key, entry]) => [key, keep(entry)] as const));
    case 'delete':
      return store.delete(change.key);
    case 'deleteMany':
      return store.deleteMany(change.keys);
    case 'invalidate':
      return store.invalidate(change.target);
    case 'clear':
      return store.clear();
  }
}
