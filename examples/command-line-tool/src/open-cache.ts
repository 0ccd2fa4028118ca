import { CacheManager } from '@x/cache-core';
import { FileStore } from '@x/cache-fs';
import { days } from '@x/interfaces';
import type { CliOptions } from './cli-options.ts';

/** With a time-to-live of 0 nothing is kept, so that callers need not know that there is no cache. */
const openNone = (): CacheManager => new CacheManager({ ttlMs: 0 });

/** The cache of this tool. A folder that cannot be used is no reason to do no work. */
export async function openCache(
  { useCache, cacheFolder }: CliOptions,
  say: (message: string) => void,
): Promise<CacheManager> {
  if (!useCache) return openNone();
  try {
    const store = await FileStore.open({ directory: cacheFolder, maxEntries: 100_000 });
    return new CacheManager({ store, ttlMs: days(90) });
  } catch (error) {
    say(`Going on without a cache: ${error instanceof Error ? error.message : String(error)}`);
    return openNone();
  }
}
