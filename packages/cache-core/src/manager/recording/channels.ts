import { type Channel, channel } from 'node:diagnostics_channel';
import type { CacheEvents, LoadEvent, StoreErrorEvent } from './cache-events.ts';

/** What `@x/cache-core:hit` publishes. */
export type HitMessage = CacheEvents['hit'] & {
  /** Name of the cache. */
  readonly cache: string;
};

/** What `@x/cache-core:miss` publishes. */
export type MissMessage = CacheEvents['miss'] & {
  /** Name of the cache. */
  readonly cache: string;
};

/** What `@x/cache-core:load` publishes. */
export interface LoadMessage extends LoadEvent {
  /** Name of the cache. */
  readonly cache: string;
}

/** What `@x/cache-core:error` publishes. */
export interface StoreErrorMessage extends StoreErrorEvent {
  /** Name of the cache. */
  readonly cache: string;
}

export const hitChannel: Channel = channel('@x/cache-core:hit');
export const missChannel: Channel = channel('@x/cache-core:miss');
export const loadChannel: Channel = channel('@x/cache-core:load');
export const errorChannel: Channel = channel('@x/cache-core:error');
