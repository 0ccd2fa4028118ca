import {
  AdaptiveSemaphore,
  BoundedDispatcher,
  Breaker,
  CacheManager,
  cached,
  createCache,
  HttpPool,
  memoize,
  MemoryCache,
  MemoryStore,
  Registry,
  retried,
  Semaphore,
  timeLimited,
  TokenBucket,
} from '@x/performance';
import { describe, expect, it } from 'vitest';

/** Makes something with options as JavaScript may give them. */
type Make = (options: never) => unknown;

const registry = new Registry();
const pool = (options: object): HttpPool => new HttpPool(options);

describe('an option that is a switch', () => {
  it.each<[string, Make]>([
    ['throwOnStoreError', (options) => new CacheManager(options)],
    ['closeStores', (options) => new CacheManager(options)],
    ['cacheUndefined', (options) => new CacheManager(options)],
    ['enabled', (options) => new Registry(options)],
    ['nativeHistograms', (options) => new Registry(options)],
    ['color', (options) => registry.report(options)],
    ['idle', (options) => registry.report(options)],
    ['measureWaits', (options: object) => new Semaphore({ permits: 1, ...options })],
    ['throwOnStatus', pool],
    ['hedge', pool],
    ['denyPrivate', pool],
    ['denyPrivate', (options) => new BoundedDispatcher(options)],
    ['throwOnStatus', (options) => pool({}).extend(options)],
    ['idempotent', (options) => pool({}).extend(options)],
    ['stream', (options) => pool({}).extend(options)],
  ])('%s is not on for the text "false"', (name, make) => {
    expect(() => make({ [name]: 'false' } as never)).toThrow(
      new TypeError(`${name} must be true or false, got "false"`),
    );
  });

  it('stats is not on for the text "false"', async () => {
    await expect(createCache({ stats: 'false' as never })).rejects.toThrow(
      new TypeError('stats must be true or false, got "false"'),
    );
  });
});

describe('an option that is a function', () => {
  it.each<[string, Make]>([
    ['random', (options) => new CacheManager(options)],
    ['sizeOf', (options) => new MemoryCache(options)],
    ['sizeOf', (options) => new MemoryStore(options)],
    ['onRemove', (options) => new MemoryCache(options)],
    ['key', (options) => memoize((n: number) => n, options)],
    ['key', (options) => cached(new MemoryCache(), options)],
    ['withSignal', (options: object) => timeLimited({ timeoutMs: 1, ...options })],
    ['retryIf', (options) => retried(options)],
    ['random', (options) => retried(options)],
    ['write', (options) => registry.reportEvery(1_000, options)],
    ['random', (options: object) => new TokenBucket({ permitsPerSecond: 1, ...options })],
    ['isOverload', (options: object) => new AdaptiveSemaphore({ targetMs: 1, ...options })],
    ['judge', (options) => new Breaker(options)],
    ['onChange', (options) => new Breaker(options)],
    ['retryIf', pool],
    ['random', pool],
    ['rateLimiterFor', pool],
    ['concurrencyLimiterFor', pool],
    ['breakerFor', pool],
    ['retryBudgetFor', pool],
  ])('%s is refused when it is none', (name, make) => {
    expect(() => make({ [name]: 5 } as never)).toThrow(
      new TypeError(`${name} must be a function, got 5`),
    );
  });
});
