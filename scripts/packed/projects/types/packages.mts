// Compiled as an ES module and, under another name, as CommonJS.
import { CacheManager, MemoryCache } from '@x/cache-core';
import { FileStore } from '@x/cache-fs';
import { SqliteStore } from '@x/cache-sqlite';
import { type Codec, createCodec } from '@x/codec';
import { cached, rateLimited } from '@x/decorators';
import type { Store } from '@x/interfaces';
import { Registry } from '@x/metrics';
import { PerformanceOptimizer } from '@x/performance';
import { HttpPool } from '@x/pool';
import { TokenBucket } from '@x/ratelimit';
import { makeFolder } from '@x/store-kit';

const cache = new MemoryCache<string, number>({ maxEntries: 10 });
const size: number | undefined = cache.get('size');
const codec: Codec = createCodec();
const registry = new Registry();
const limiter = new TokenBucket({ permitsPerSecond: 5, meter: registry });

export async function openStores(directory: string): Promise<Store[]> {
  makeFolder(directory);
  return [
    await FileStore.open({ directory }),
    await SqliteStore.open({ path: `${directory}/cache.sqlite` }),
  ];
}

export class Prices {
  readonly pool: HttpPool = new HttpPool();

  @cached(new CacheManager(), { scope: 'shared' })
  @rateLimited(limiter)
  async read(symbol: string): Promise<{ price: number }> {
    return this.pool.get(`https://prices.example/${symbol}`).json<{ price: number }>();
  }
}

export async function report(): Promise<string> {
  const optimizer = await PerformanceOptimizer.open({ cache: { defaultTtlMs: 1_000 } });
  return `${size} ${codec.encode(1).length} ${String(await optimizer.report())}`;
}

// @ts-expect-error a number is no option
new MemoryCache({ maxEntries: '10' });
