import {
  type CacheSetOptions,
  checkOptionNames,
  type GetOrSetOptions,
  loadOptionNames,
  type MisnamedOptions,
  numberOption,
  objectOption,
  type OptionNames,
  type SyncCacheSetOptions,
} from '@x/interfaces';

const ttlRange = { min: 0 };

/** Names of other caches for the times of an entry. */
export const misnamedTimes: MisnamedOptions = {
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

/** @throws TypeError when `options` is no object, or has an option that there is not */
export function checkSetOptions(options: CacheSetOptions): void {
  objectOption('options', options, '{ ttlMs }');
  checkOptionNames(options, setOptionNames);
}

/** As {@link checkSetOptions}, for a cache that knows neither tags nor stale entries. */
export function checkSyncSetOptions(options: SyncCacheSetOptions): void {
  objectOption('options', options, '{ ttlMs }');
  if (!isTtlAlone(options)) checkOptionNames(options, syncSetOptionNames);
}

/** For what is set most often, where comparing names is quicker than looking them up. */
function isTtlAlone(options: SyncCacheSetOptions): boolean {
  for (const name in options) if (name !== 'ttlMs') return false;
  return options.ttlMs !== undefined;
}
