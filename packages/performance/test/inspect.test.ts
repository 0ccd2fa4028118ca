import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  AdaptiveSemaphore,
  BoundedDispatcher,
  Breaker,
  CacheManager,
  CombinedLimiter,
  FileStore,
  HttpPool,
  KeyedRateLimiter,
  KeyedSemaphore,
  MemoryCache,
  MemoryStore,
  PerformanceOptimizer,
  Registry,
  Semaphore,
  SqliteStore,
  TokenBucket,
  TokenRetryBudget,
} from '@x/performance';
import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const shown = (value: unknown): string => inspect(value, { breakLength: Infinity });

describe('console.log shows how it stands:', () => {
  it('a MemoryCache', () => {
    const cache = new MemoryCache({ maxEntries: 10 });
    cache.set('a', 1);
    cache.get('a');
    cache.get('b');

    expect(shown(cache)).toBe(
      "MemoryCache { name: 'memory', entries: 1, maxEntries: 10, hits: 1, misses: 1, closed: false }",
    );
    cache.close();
    expect(shown(cache)).toMatch(/closed: true/);
    expect(shown(new MemoryCache({ maxBytes: 100, sizeOf: () => 10 }))).toMatch(
      /bytes: 0, maxBytes: 100/,
    );
  });

  it('a CacheManager and a part of it', async () => {
    const cache = new CacheManager({ name: 'packages', ttlMs: 5 });
    await cache.set('a', 1);
    await cache.get('a');
    await cache.get('b');

    const facts =
      "name: 'packages', tiers: [ 'memory' ], ttlMs: 5, hits: 1, misses: 1, loading: 0, closed: false";
    expect(shown(cache)).toBe(`CacheManager { ${facts} }`);
    expect(shown(cache.namespace('user:'))).toBe(`CacheNamespace { prefix: 'user:', ${facts} }`);
    await cache.close();
    expect(shown(cache)).toMatch(/closed: true/);
  });

  it('stores, also when they are closed', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'cache.sqlite');
    const files = await FileStore.open({ directory: folder });
    const sqlite = await SqliteStore.open({ path });
    const memory = new MemoryStore();

    expect(shown(files)).toBe(
      `FileStore { name: 'filesystem', directory: ${inspect(folder)}, closed: false }`,
    );
    expect(shown(sqlite)).toBe(
      `SqliteStore { name: 'sqlite', path: ${inspect(path)}, closed: false }`,
    );
    expect(shown(memory)).toBe(
      "MemoryStore { name: 'memory', entries: 0, bytes: 0, closed: false }",
    );
    for (const store of [files, sqlite, memory]) {
      await store.close();
      expect(shown(store)).toMatch(/closed: true/);
    }
  });

  it('limiters by rate', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 5, burst: 2, clock });
    bucket.tryAcquire();

    expect(shown(bucket)).toBe(
      "TokenBucket { name: 'token-bucket', permitsPerSecond: 5, burst: 2, available: 1, queued: 0, closed: false }",
    );
    const limits = [{ permitsPerSecond: 5, burst: 2 }];
    expect(shown(new CombinedLimiter({ limits, clock }))).toBe(
      "CombinedLimiter { name: 'combined-limiter', limits: [ { permitsPerSecond: 5, burst: 2 } ], available: 2, queued: 0, closed: false }",
    );
    expect(shown(new KeyedRateLimiter({ permitsPerSecond: 5, maxKeys: 9 }))).toBe(
      "KeyedRateLimiter { name: 'keyed-rate-limiter', permitsPerSecond: 5, burst: 5, keys: 0, maxKeys: 9, closed: false }",
    );
    bucket.close();
    expect(shown(bucket)).toMatch(/available: 0, queued: 0, closed: true/);
  });

  it('limiters by concurrency', () => {
    const semaphore = new Semaphore({ permits: 2 });
    semaphore.tryAcquire();

    expect(shown(semaphore)).toBe(
      "Semaphore { name: 'semaphore', permits: 2, active: 1, queued: 0, closed: false }",
    );
    expect(shown(new KeyedSemaphore({ permits: 2 }))).toBe(
      "KeyedSemaphore { name: 'keyed-semaphore', permits: 2, keys: 0, closed: false }",
    );
    expect(shown(new AdaptiveSemaphore({ targetMs: 1 }))).toBe(
      "AdaptiveSemaphore { name: 'adaptive-semaphore', permits: 10, active: 0, queued: 0 }",
    );
  });

  it('a circuit breaker and a retry budget', () => {
    const breaker = new Breaker({ consecutiveFailures: 1 });
    breaker.forceOpen();

    expect(shown(breaker)).toBe(
      "Breaker { name: 'circuit-breaker', state: 'open', failuresInRow: 0 }",
    );
    expect(shown(new TokenRetryBudget())).toBe('TokenRetryBudget { balance: 10, maxBalance: 10 }');
  });

  it('a registry and its instruments', () => {
    const registry = new Registry();
    const counter = registry.counter('requests');
    counter.inc(3);

    expect(shown(counter)).toBe("CounterSeries { name: 'requests', value: 3 }");
    expect(shown(registry.timer('fetch', { labelNames: ['host'] }))).toBe(
      "TimerInstrument { name: 'fetch', labelNames: [ 'host' ] }",
    );
    expect(shown(registry)).toMatch(/^Registry { name: 'metrics', enabled: true, metrics: \d }$/);
  });

  it('a pool and a dispatcher', async () => {
    const pool = new HttpPool({ name: 'api' });

    expect(shown(pool)).toBe(
      "HttpPool { name: 'api', requests: 0, failures: 0, connectionsOpen: 0, connectionsIdle: 0, queued: 0, closed: false }",
    );
    expect(shown(new BoundedDispatcher())).toBe(
      "BoundedDispatcher { name: 'http', connectionsOpen: 0, connectionsIdle: 0, queued: 0 }",
    );
    await pool.close();
    expect(shown(pool)).toMatch(/closed: true/);
  });

  it('an optimizer, with its parts', async () => {
    const optimizer = await PerformanceOptimizer.open();

    expect(inspect(optimizer, { depth: 0, breakLength: Infinity })).toBe(
      'PerformanceOptimizer { registry: [Registry], cache: [CacheManager], limiter: [TokenBucket], semaphore: [Semaphore], pool: [HttpPool], closed: false }',
    );
    await optimizer.close();
    expect(shown(optimizer)).toMatch(/closed: true }$/);
  });

  it('nothing, and does not throw, behind a proxy, which has none of the private fields', () => {
    const behindProxy = (value: object): string => shown(new Proxy(value, {}));
    const cache = new CacheManager();

    expect(behindProxy(cache)).toBe('CacheManager {}');
    expect(behindProxy(cache.namespace('user:'))).toBe('CacheNamespace {}');
    expect(behindProxy(new MemoryCache())).toBe('MemoryCache {}');
    expect(behindProxy(new Semaphore({ permits: 2 }))).toBe('Semaphore {}');
  });
});
