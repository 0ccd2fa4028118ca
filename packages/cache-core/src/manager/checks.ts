import { describeValue, type InvalidationTarget } from '@x/interfaces';

/** @throws TypeError when `key` is no string */
export function checkKey(key: string): void {
  if (typeof key !== 'string') {
    throw new TypeError(`key must be a string, got ${describeValue(key)}`);
  }
}

/**
 * The keys that were given.
 *
 * @throws TypeError when they are no list: a string would be taken for one of its characters
 */
export function keyList(keys: Iterable<string>): string[] {
  if (!isList(keys)) throw new TypeError(`keys must be an array, got ${describeValue(keys)}`);
  return [...keys];
}

/**
 * The entries that were given.
 *
 * @throws TypeError when they are no list of pairs
 */
export function entryList(
  entries: Iterable<readonly [key: string, value: unknown]>,
): (readonly [key: string, value: unknown])[] {
  if (!isList(entries)) {
    throw new TypeError(
      `entries must be a Map or an array of [key, value], got ${describeValue(entries)}`,
    );
  }
  return [...entries];
}

function isList(value: Iterable<unknown> | null): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** @throws TypeError when `prefix` is no string or empty */
export function checkPrefix(prefix: string): void {
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError(`prefix must be a string that is not empty, got ${describeValue(prefix)}`);
  }
}

/** Whether two lists of tags have one in common. */
export function shareTag(
  tags: readonly string[] | undefined,
  others: NonNullable<InvalidationTarget['tags']>,
): boolean {
  return tags?.some((tag) => others.includes(tag)) ?? false;
}
