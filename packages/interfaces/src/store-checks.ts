/** What every store checks of its arguments, so that a mistake is told in the same words by all of them. */

import type { Entry } from './entry.ts';
import { describeValue, numberOption, objectOption } from './option-checks.ts';
import { checkOptionNames, type OptionNames } from './option-names.ts';
import type { KeyPattern } from './key-pattern.ts';
import type { InvalidationTarget, KeysOptions, PurgeOptions, SetOptions } from './store.ts';

const purgeNames: OptionNames<PurgeOptions> = { known: { limit: true, signal: true } };

const ofEntry = 'expiresAt of the entry, in epoch milliseconds';

const callNames: OptionNames<SetOptions & KeysOptions> = {
  known: { signal: true, since: true, prefix: true },
  misnamed: { ttl: ofEntry, ttlMs: ofEntry, maxAge: ofEntry, tags: 'tags of the entry' },
};

/**
 * @param name - what it is, for messages
 * @throws TypeError when `key` is no string
 */
export function checkKey(key: string, name = 'key'): void {
  if (typeof key === 'string') return;
  const hint = Array.isArray(key) ? ': join its parts, as in `user:${id}`' : '';
  throw new TypeError(`${name} must be a string, got ${describeValue(key)}${hint}`);
}

/** @throws TypeError when `keys` is no array of strings: a string would be taken for one of its characters */
export function checkKeys(keys: readonly string[]): void {
  if (!Array.isArray(keys)) {
    throw new TypeError(`keys must be an array, got ${describeValue(keys)}`);
  }
  for (const key of keys as readonly string[]) checkKey(key);
}

/** @throws TypeError when `entries` is no `Map` and no other list, such as an object with entries */
export function checkEntries(entries: Iterable<readonly [key: string, entry: Entry]>): void {
  if (typeof entries === 'object' && entries !== null && Symbol.iterator in entries) return;
  throw new TypeError(
    `entries must be a Map or an array of [key, entry], got ${describeValue(entries)}`,
  );
}

/**
 * Refuses what is no entry, such as the bare value.
 *
 * @throws TypeError when `entry` is no object, one of its times no number, or `tags` no array of strings
 */
export function checkEntry(entry: Entry): void {
  objectOption('entry', entry, '{ value, createdAt }');
  const { createdAt, staleAt, expiresAt, tags } = entry;
  checkTime('createdAt', createdAt);
  if (staleAt !== undefined) checkTime('staleAt', staleAt);
  if (expiresAt !== undefined) checkTime('expiresAt', expiresAt);
  checkTags(tags);
}

/** @throws TypeError when `tags` is given and no array of strings */
export function checkTags(tags: readonly string[] | undefined): void {
  if (tags === undefined) return;
  if (!Array.isArray(tags)) {
    throw new TypeError(`tags must be an array of strings, got ${describeValue(tags)}`);
  }
  for (const tag of tags as readonly unknown[]) {
    if (typeof tag === 'string') continue;
    throw new TypeError(`tags must be an array of strings, got ${describeValue(tag)} in it`);
  }
}

/** @throws TypeError when `pattern` is given and is not compiled, such as a glob or a regular expression */
export function checkPattern(pattern: KeyPattern | undefined): void {
  if (pattern === undefined || typeof pattern?.matches === 'function') return;
  throw new TypeError(
    `pattern must be what compilePattern of @x/cache-core answers, got ${describeValue(pattern)}`,
  );
}

/** @throws TypeError when `target` is no object with either a compiled pattern or an array of tags */
export function checkTarget(target: InvalidationTarget): void {
  const { pattern, tags } = objectOption('target', target, '{ tags }');
  if ((pattern === undefined) === (tags === undefined)) {
    throw new TypeError('invalidate takes either a pattern or tags');
  }
  checkPattern(pattern);
  checkTags(tags);
}

/**
 * How many expired entries a call of `purgeExpired(options)` may remove: its `limit`, `Infinity` unless given.
 *
 * @throws TypeError when `options` is no object, has an option that there is not, or `limit` is no number
 * @throws RangeError when `limit` is not a whole number of at least 0, or `Infinity`
 */
export function purgeLimit(options: PurgeOptions | undefined): number {
  if (options === undefined) return Infinity;
  objectOption('options', options, '{ limit }');
  checkOptionNames(options, purgeNames);
  return numberOption('limit', options.limit, Infinity, { min: 0, integer: true });
}

/**
 * Refuses what holds no options of a call of a store, and those of a cache.
 *
 * @throws TypeError when `options` is given and no object, or has an option that there is not
 */
export function checkStoreCall(options: SetOptions | KeysOptions | undefined): void {
  if (options === undefined) return;
  objectOption('options', options, '{ signal }');
  checkOptionNames(options, callNames);
}

function checkTime(name: string, time: number): void {
  if (typeof time === 'number' && !Number.isNaN(time)) return;
  throw new TypeError(`${name} of an entry must be epoch milliseconds, got ${describeValue(time)}`);
}
