import { numberOption, objectOption } from './option-checks.ts';
import type { PurgeOptions } from './store.ts';

/**
 * How many expired entries a call of `purgeExpired(options)` may remove: its `limit`, `Infinity` unless given.
 *
 * @throws TypeError when `options` is no object, or `limit` no number
 * @throws RangeError when `limit` is not a whole number of at least 0, or `Infinity`
 */
export function purgeLimit(options: PurgeOptions | undefined): number {
  if (options === undefined) return Infinity;
  objectOption('options', options, '{ limit }');
  return numberOption('limit', options.limit, Infinity, { min: 0, integer: true });
}
