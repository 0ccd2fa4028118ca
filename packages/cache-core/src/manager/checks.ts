import { checkKey, describeValue, type InvalidationTarget } from '@x/interfaces';

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
 * The pairs that were given.
 *
 * @param name - what they are, for messages
 * @throws TypeError when they are no list of pairs, each of a string and a value
 */
export function pairList<V>(
  name: string,
  pairs: Iterable<readonly [key: string, value: V]>,
): (readonly [key: string, value: V])[] {
  if (!isList(pairs)) throw noPairs(name, describeValue(pairs));
  const list = [...pairs];
  for (const pair of list as readonly unknown[]) {
    if (!Array.isArray(pair)) throw noPairs(name, `${describeValue(pair)} in it`);
    if (pair.length !== 2) throw noPairs(name, `an array of ${pair.length} in it`);
  }
  for (const [key] of list) if (typeof key !== 'string') checkKey(key, `key in ${name}`);
  return list;
}

function noPairs(name: string, came: string): TypeError {
  return new TypeError(`${name} must be a Map or an array of [key, value], got ${came}`);
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
