import { describeValue, type InvalidationTarget } from '@x/interfaces';

/** @throws TypeError when `key` is no string */
export function checkKey(key: string): void {
  if (typeof key !== 'string') {
    throw new TypeError(`key must be a string, got ${describeValue(key)}`);
  }
}

/**
 * With other caches the last argument is the time-to-live itself, which would be overlooked here.
 *
 * @throws TypeError when `options` is no object
 */
export function checkCallOptions(options: object): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `options must be an object such as { ttlMs }, got ${describeValue(options)}`,
    );
  }
}

/** @throws TypeError when `prefix` is no string or empty */
export function checkPrefix(prefix: string): void {
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError(`prefix must be a string that is not empty, got ${describeValue(prefix)}`);
  }
}

/** @throws TypeError when `tags` is no array of strings */
export function checkTags(tags: readonly string[] | undefined): void {
  if (tags === undefined) return;
  if (!Array.isArray(tags)) {
    throw new TypeError(`tags must be an array of strings, got ${describeValue(tags)}`);
  }
  const wrong: unknown = tags.find((tag) => typeof tag !== 'string');
  if (wrong !== undefined || tags.includes(undefined)) {
    throw new TypeError(`tags must be an array of strings, got ${describeValue(wrong)} in it`);
  }
}

/** Whether two lists of tags have one in common. */
export function shareTag(
  tags: readonly string[] | undefined,
  others: NonNullable<InvalidationTarget['tags']>,
): boolean {
  return tags?.some((tag) => others.includes(tag)) ?? false;
}
