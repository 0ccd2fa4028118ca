import { type MisnamedOptions, numberOption, objectOption, refuseMisnamed } from '@x/interfaces';

const ttlRange = { min: 0 };

/** Names of other caches for the times of an entry. */
export const misnamedTimes: MisnamedOptions & Readonly<Record<'ttl' | 'maxAge', string>> = {
  ttl: 'ttlMs, in milliseconds',
  maxAge: 'ttlMs, in milliseconds',
  defaultTtlMs: 'ttlMs',
};

/** @throws TypeError or RangeError when `ttlMs` is given and no number of at least 0 */
export function checkTtl(ttlMs: number | undefined, fallback: number): number {
  return ttlMs === undefined ? fallback : numberOption('ttlMs', ttlMs, fallback, ttlRange);
}

/**
 * With other caches the last argument is the time-to-live itself, or has it under another name, which
 * would be overlooked here.
 *
 * @throws TypeError when `options` is no object, or names an option as others do
 */
export function checkCallOptions(options: object): void {
  objectOption('options', options, '{ ttlMs }');
  // Every call comes by here, and a loop over the names takes longer.
  const { ttl, maxAge } = options as Partial<typeof misnamedTimes>;
  if (ttl !== undefined || maxAge !== undefined) refuseMisnamed(options, misnamedTimes);
}
