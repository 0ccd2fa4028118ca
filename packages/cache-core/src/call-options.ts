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

const inMilliseconds = 'ttlMs, in milliseconds';
const fromSeconds = 'ttlMs, in milliseconds: seconds(60)';

/** Names of other caches for the times of an entry. */
export const misnamedTimes: MisnamedOptions = {
  ttl: inMilliseconds,
  maxAge: inMilliseconds,
  expires: inMilliseconds,
  expiresIn: inMilliseconds,
  lifetime: inMilliseconds,
  PX: inMilliseconds,
  defaultTtl: inMilliseconds,
  defaultTtlMs: 'ttlMs',
  EX: fromSeconds,
  ttlSeconds: fromSeconds,
  stdTTL: fromSeconds,
  expiresAt: 'ttlMs, in milliseconds from now',
};

/** The same with the windows of stale values, which a cache that answers at once has not. */
export const misnamedWindows: MisnamedOptions = {
  ...misnamedTimes,
  swr: 'staleWhileRevalidateMs, in milliseconds',
  grace: 'staleIfErrorMs, in milliseconds',
};

const misnamed: MisnamedOptions = { ...misnamedWindows, tag: 'tags, an array' };
const afresh = 'cache.delete(key) before the call';

const setOptionNames: OptionNames<CacheSetOptions> = {
  known: { ttlMs: true, tags: true, staleWhileRevalidateMs: true, staleIfErrorMs: true },
  misnamed,
};

export const getOrSetOptionNames: OptionNames<GetOrSetOptions> = {
  known: { ...loadOptionNames, ttlMs: true, tags: true, signal: true },
  misnamed: {
    ...misnamed,
    force: afresh,
    forceFresh: afresh,
    forceRefresh: afresh,
  },
};

const syncSetOptionNames: OptionNames<SyncCacheSetOptions> = {
  known: { ttlMs: true },
  misnamed: {
    ...misnamedTimes,
    tags: 'one of set of a CacheManager: a MemoryCache has no tags',
    size: 'sizeOf of the cache: new MemoryCache({ sizeOf })',
    sizeCalculation: 'sizeOf of the cache: new MemoryCache({ sizeOf })',
    idleMs: 'idleMs of the cache: new MemoryCache({ idleMs })',
  },
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
