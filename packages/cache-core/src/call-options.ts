import { numberOption, objectOption } from '@x/interfaces';

const ttlRange = { min: 0 };

/** @throws TypeError or RangeError when `ttlMs` is given and no number of at least 0 */
export function checkTtl(ttlMs: number | undefined, fallback: number): number {
  return ttlMs === undefined ? fallback : numberOption('ttlMs', ttlMs, fallback, ttlRange);
}

/**
 * With other caches the last argument is the time-to-live itself, which would be overlooked here.
 *
 * @throws TypeError when `options` is no object
 */
export function checkCallOptions(options: object): void {
  objectOption('options', options, '{ ttlMs }');
}
