import { type Channel, channel } from 'node:diagnostics_channel';
import type { LoadEvent, StoreErrorEvent } from './cache-events.ts';

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

export const loadChannel: Channel = channel('@x/cache-core:load');
export const errorChannel: Channel = channel('@x/cache-core:error');
