import { describeValue } from '@x/interfaces';

/**
 * What to throw for a key that is no string. Where the key was left out, the number of permits would stand in
 * its place, and all callers would share one limit.
 */
export function keyError(key: unknown): TypeError {
  return new TypeError(`key must be a string, got ${describeValue(key)}`);
}

/** @throws TypeError when `key` is no string */
export function checkKey(key: string): void {
  if (typeof key !== 'string') throw keyError(key);
}
