import {
  type CacheSetOptions,
  checkOptionNames,
  type GetOrSetOptions,
  loadOptionNames,
  type MisnamedOptions,
  numberOption,
  objectOption,
  type OptionNames,
  refuseMisnamed,
  type SyncCacheSetOptions,
} from '@x/interfaces';

const ttlRange = { min: 0 };

/** Names of other caches for the times of an entry. */
export const misnamedTimes: MisnamedOptions & Readonly<Record<'ttl' | 'maxAge', string>> = {
  ttl: 'ttlMs, in milliseconds',
  maxAge: 'ttlMs, in milliseconds',
  defaultTtlMs: 'ttlMs',
};

const misnamed: MisnamedOptions = { ...misnamedTimes, tag: 'tags, an array' };

const setOptionNames: OptionNames<CacheSetOptions> = {
  known: { ttlMs: true, tags: true, staleWhileRevalidateMs: true, staleIfErrorMs: true },
  misnamed,
};

export const getOrSetOptionNames: OptionNames<GetOrSetOptions> = {
  known: { ...loadOptionNames, ttlMs: true, tags: true, signal: true },
  misnamed,
};

const syncSetOptionNames: OptionNames<SyncCacheSetOptions> = {
  known: { ttlMs: true },
  misnamed: misnamedTimes,
};

/** @throws TypeError or RangeError when `ttlMs` is given and no number of at least 0 */
export function checkTtl(ttlMs: number | undefined, fallback: number): number {
  return ttlMs === undefined ? fallback : numberOption('ttlMs', ttlMs, fallback, ttlRange);
}

/** @throws TypeError when `options` is no object, or has a misspelt or misnamed option */
export function checkSetOptions(options: CacheSetOptions): void {
  objectOption('options', options, '{ ttlMs }');
  checkOptionNames(options, setOptionNames);
}

/** As {@link checkCallOptions}, and every name where the only option is not among them. */
export function checkSyncSetOptions(options: SyncCacheSetOptions): void {
  checkCallOptions(options);
  if (options.ttlMs === undefined) checkOptionNames(options, syncSetOptionNames);
}

/**
 * With other caches the last argument is the time-to-live itself, or has it under another name, which
 * would be overlooked here.
 *
 * @throws TypeError when `options` is no object, or names an option as others do
 */
export function checkCallOptions(options: object): void {
  objectOption('options', options, '{ ttlMs }');
  // Every hit comes by here, and a loop over the names takes longer.
  const { ttl, maxAge } = options as Partial<typeof misnamedTimes>;
  if (ttl !== undefined || maxAge !== undefined) refuseMisnamed(options, misnamedTimes);
}
