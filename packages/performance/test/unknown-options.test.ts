import type * as interfaces from '@x/interfaces';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  AdaptiveRate,
  AdaptiveSemaphore,
  BoundedDispatcher,
  Breaker,
  cached,
  CacheManager,
  collectProcessMetrics,
  CombinedLimiter,
  concurrencyLimited,
  configFromEnv,
  createCache,
  createCodec,
  FileStore,
  HttpPool,
  KeyedRateLimiter,
  memoize,
  MemoryCache,
  MemoryStore,
  monitored,
  noopMeter,
  type OptionNames,
  PerformanceOptimizer,
  rateLimited,
  Registry,
  retried,
  Semaphore,
  SqliteStore,
  systemClock,
  timeLimited,
  TokenBucket,
  TokenRetryBudget,
} from '../src/index.ts';

type Names = OptionNames<Record<string, unknown>>;
type CheckModule = Pick<typeof interfaces, 'checkOptionNames'>;

/** The names that options were checked for. */
const checks = vi.hoisted(() => new Map<object, Names>());

vi.mock('../../interfaces/src/option-names.ts', async (importOriginal) => {
  const original = await importOriginal<CheckModule>();
  const checkOptionNames: typeof original.checkOptionNames = (options, names) => {
    // Parts that are given the same object come later.
    if (!checks.has(options)) checks.set(options, names);
    original.checkOptionNames(options, names);
  };
  return { ...original, checkOptionNames };
});

const { checkOptionNames } = await vi.importActual<CheckModule>(
  '../../interfaces/src/option-names.ts',
);

const optimizer = await PerformanceOptimizer.open();
const { cache, registry, semaphore, pool } = optimizer;
const store = await SqliteStore.open({ path: ':memory:' });
const bucket = new TokenBucket({ permitsPerSecond: 1 });

afterAll(async () => {
  await Promise.all([optimizer.close(), store.close()]);
});

/** Gives a component options of a kind, as JavaScript may. */
type Give = (options: never) => unknown;

/** Whatever takes options: where it is made, called, read out, or put on a function. */
const components: Readonly<Record<string, Give>> = {
  AcquireOptions: (options) => semaphore.acquire(options),
  AdaptiveRateOptions: (options) => new AdaptiveRate(options),
  AdaptiveSemaphoreOptions: (options) => new AdaptiveSemaphore(options),
  BoundedDispatcherOptions: (options) => new BoundedDispatcher(options),
  BreakerOptions: (options) => new Breaker(options),
  CacheSetOptions: (options) => cache.set('a', 1, options),
  CacheKeysOptions: (options) => cache.keys(options).next(),
  CacheManagerOptions: (options) => new CacheManager(options),
  CacheTier: (options: object) =>
    new CacheManager({ tiers: [Object.assign(options, { store: new MemoryStore() })] }),
  CachedOptions: (options) => cached(cache, options),
  CodecOptions: (options) => createCodec(options),
  CombinedLimiterOptions: (options) => new CombinedLimiter(options),
  ConcurrencyLimitedOptions: (options) => concurrencyLimited(semaphore, options),
  ConfigFromEnvOptions: (options) => configFromEnv({}, options),
  CreateCacheOptions: (options) => createCache(options),
  EntryQuery: (options) => store.query(options),
  ExpositionOptions: (options) => registry.exposition(options),
  FileStoreOptions: (options) => FileStore.open(options),
  GaugeOptions: (options) => new Registry().gauge('a_gauge', options),
  GetOrSetOptions: (options) => cache.getOrSet('not kept', () => undefined, options),
  HedgeOptions: (hedge) => new HttpPool({ hedge }),
  HistogramOptions: (options) => new Registry().histogram('a_histogram_bytes', options),
  HttpPoolOptions: (options) => new HttpPool(options),
  InstrumentOptions: (options) => new Registry().counter('a_counter_total', options),
  KeyedRateLimiterOptions: (options) => new KeyedRateLimiter(options),
  KeysOptions: (options) => store.keys(options).next(),
  MapOptions: (options) => new Semaphore({ permits: 1 }).map([], () => {}, options),
  MemoizeOptions: (options) => memoize(() => {}, options),
  MemoryCacheOptions: (options) => new MemoryCache(options),
  MemoryStoreOptions: (options) => new MemoryStore(options),
  MonitoredOptions: (options) => monitored(noopMeter, 'calls', options),
  OptimizedRequestOptions: (options) => optimizer.optimizedRequest(() => {}, options),
  PerformanceConfig: async (config) => (await PerformanceOptimizer.open(config)).close(),
  PriorityAcquireOptions: (options) => bucket.acquire(1, options),
  PurgeOptions: (options) => cache.purgeExpired(options),
  ProcessMetricsOptions: (options) => collectProcessMetrics(new Registry(), options).close(),
  PurgeRequest: (options) => store.purge(options),
  RateLimit: (limit) => new CombinedLimiter({ limits: [limit] }),
  RateLimitedOptions: (options) => rateLimited(bucket, options),
  RegistryOptions: (options) => new Registry(options),
  ReportEveryOptions: (options) => registry.reportEvery(1_000, options)[Symbol.dispose](),
  ReportOptions: (options) => registry.report(options),
  RequestOptions: (options) => pool.extend(options),
  RetriedOptions: (options) => retried(options),
  SemaphoreAcquireOptions: (options) => semaphore.acquire(options),
  SemaphoreOptions: (options) => new Semaphore(options),
  SetOptions: (options) => store.set('a', { value: 1, createdAt: 1 }, options),
  SnapshotOptions: (options) => registry.snapshot(options),
  SqliteStoreOptions: (options) => SqliteStore.open(options),
  SyncCacheSetOptions: (options) => new MemoryCache().set('a', 1, options),
  TimeLimitedOptions: (options) => timeLimited(options),
  TokenBucketOptions: (options) => new TokenBucket(options),
  TokenRetryBudgetOptions: (options) => new TokenRetryBudget(options),
  'CloseOptions of a cache': (options) => new CacheManager().close(options),
  'CloseOptions of a dispatcher': (options) => new BoundedDispatcher().close(options),
  'CloseOptions of a pool': (options) => new HttpPool().close(options),
  'CloseOptions of an optimizer': async (options) =>
    (await PerformanceOptimizer.open()).close(options),
  'RateLimit of a bucket': (limit) => bucket.configure(limit),
};

/** Options that are parts of others, and are checked with them. */
const parts = [
  'AdaptiveLimitOptions',
  'CallOptions',
  'LoadOptions',
  'PersistentStoreOptions',
  'QueueOptions',
  'RateLimiterOptions',
  'RetryPolicyOptions',
  'StaleOptions',
  'SyncCachedOptions',
];

/** Options that are not checked: those of undici's dispatchers, and of every timer. */
const unchecked = ['BoundedDispatchOptions', 'ScheduleOptions'];

/** What a component needs before it looks at names. */
const alwaysGiven: Readonly<Record<string, string>> = { CacheTier: 'store' };

const kinds = Object.keys(components);

async function failure(give: Give, options: object): Promise<unknown> {
  try {
    await give(options as never);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The names that a component checks, learnt by giving it nothing. */
async function namesOf(kind: string): Promise<Names> {
  const options = {};
  await failure(components[kind] as Give, options);
  const names = checks.get(options);
  if (names === undefined) throw new Error(`${kind} are not checked`);
  return names;
}

function misspell(name: string): string {
  return name.length < 4 ? name.toUpperCase() : name + name.at(-1);
}

describe.each(kinds)('%s', (kind) => {
  it('are refused with a misspelt name', async () => {
    const { known } = await namesOf(kind);
    const names = Object.keys(known).filter((name) => name !== alwaysGiven[kind]);

    const errors = await Promise.all(
      names.map((name) => failure(components[kind] as Give, { [misspell(name)]: 1 })),
    );

    expect(errors).toEqual(
      names.map(
        (name) => new TypeError(`${misspell(name)} is not an option; did you mean ${name}?`),
      ),
    );
  });

  it('are refused with a name that there is not', async () => {
    const { known } = await namesOf(kind);
    const error = await failure(components[kind] as Give, { wombat: 1 });
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('wombat is not an option; ');
    expect(Object.keys(known).filter((name) => !String(error).includes(name))).toEqual([]);
  });

  it('may have what every component takes', async () => {
    const names = await namesOf(kind);
    const shared = { clock: systemClock, logger: console, meter: noopMeter };
    expect(() => checkOptionNames(shared, names)).not.toThrow();
  });
});

describe('every type of options', () => {
  it('is checked, or known not to be', () => {
    const indexes = globSync(join(import.meta.dirname, '../../*/src/index.ts')).filter(
      (file) => !file.includes('testkit'),
    );
    const exported = indexes.flatMap((file) =>
      Array.from(readFileSync(file, 'utf8').matchAll(/\b[A-Z]\w*Options\b/g), ([name]) => name),
    );
    const listed = [...kinds, ...parts, ...unchecked, 'MisnamedOptions'];

    expect(indexes.length).toBeGreaterThan(10);
    expect(exported.filter((name) => !listed.some((kind) => kind.startsWith(name)))).toEqual([]);
  });
});
