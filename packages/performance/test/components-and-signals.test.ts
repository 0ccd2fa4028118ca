import {
  AdaptiveRate,
  AdaptiveSemaphore,
  BoundedDispatcher,
  Breaker,
  CacheManager,
  CombinedLimiter,
  createCache,
  FileStore,
  HttpPool,
  KeyedRateLimiter,
  KeyedSemaphore,
  MemoryCache,
  MemoryStore,
  Registry,
  retried,
  Semaphore,
  SqliteStore,
  timeLimited,
  TokenBucket,
  TokenRetryBudget,
} from '@x/performance';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

type Make = (options: object) => unknown;

const rate = { permitsPerSecond: 1 };
const bucket = new TokenBucket(rate);

const clocked: readonly (readonly [string, Make])[] = [
  ['MemoryCache', (options) => new MemoryCache(options)],
  ['MemoryStore', (options) => new MemoryStore(options)],
  ['CacheManager', (options) => new CacheManager(options)],
  ['createCache', (options) => createCache(options)],
  ['FileStore', (options) => FileStore.open({ directory: temporaryFolder(), ...options })],
  ['SqliteStore', (options) => SqliteStore.open({ path: ':memory:', ...options })],
  ['Registry', (options) => new Registry(options)],
  ['TokenBucket', (options) => new TokenBucket({ ...rate, ...options })],
  ['CombinedLimiter', (options) => new CombinedLimiter({ limits: [rate], ...options })],
  ['KeyedRateLimiter', (options) => new KeyedRateLimiter({ ...rate, ...options })],
  ['Semaphore', (options) => new Semaphore({ permits: 1, ...options })],
  ['KeyedSemaphore', (options) => new KeyedSemaphore({ permits: 1, ...options })],
  ['AdaptiveSemaphore', (options) => new AdaptiveSemaphore({ targetMs: 1, ...options })],
  ['Breaker', (options) => new Breaker(options)],
  ['HttpPool', (options) => new HttpPool(options)],
];
const metered = clocked.filter(
  ([name]) => !/^Memory|Store$|^Registry$/.test(name) || name === 'CacheManager',
);

const refusal = (name: string, method: string): unknown =>
  expect.objectContaining({
    name: 'TypeError',
    message: expect.stringMatching(`^${name} must be .*, got an object without ${method}\\(\\)$`),
  });

/** What is thrown, or what a promise is rejected with. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a component without its methods is refused where it is given', () => {
  it.each([
    ...clocked,
    ['AdaptiveRate', (options) => new AdaptiveRate({ limiter: bucket, ...options })] as const,
    ['BoundedDispatcher', (options) => new BoundedDispatcher(options)] as const,
    ['TokenRetryBudget', (options) => new TokenRetryBudget(options)] as const,
    ['retried', (options) => retried(options)] as const,
    ['timeLimited', (options) => timeLimited({ timeoutMs: 1, ...options })] as const,
  ] as readonly (readonly [string, Make])[])('clock of %s', async (_name, make) => {
    expect(await failureOf(() => make({ clock: {} }))).toEqual(refusal('clock', 'now'));
  });

  it.each(clocked)('logger of %s', async (_name, make) => {
    expect(await failureOf(() => make({ logger: {} }))).toEqual(refusal('logger', 'debug'));
  });

  it.each(metered)('meter of %s', async (_name, make) => {
    expect(await failureOf(() => make({ meter: {} }))).toEqual(refusal('meter', 'counter'));
  });
});

describe('a signal that is none is refused by name', () => {
  const options = { signal: new AbortController() as never };
  const cache = new CacheManager();
  const store = new MemoryStore();
  store.set('k', { value: 1, createdAt: 0 });
  const semaphore = new Semaphore({ permits: 1 });

  it.each<[string, () => unknown]>([
    ['getOrSet', () => cache.getOrSet('k', () => 1, options)],
    ['getOrSetMany', () => cache.getOrSetMany(['k'], () => new Map(), options)],
    ['MemoryStore.keys', () => Array.fromAsync(store.keys(options))],
    ['bucket.acquire', () => bucket.acquire(1, options)],
    ['semaphore.acquire', () => semaphore.acquire(options)],
    ['semaphore.run', () => semaphore.run(() => 1, options)],
    ['semaphore.map', () => semaphore.map([1], () => 1, options)],
    ['pool.get', () => new HttpPool().get('http://127.0.0.1:1/', options)],
    [
      'FileStore',
      async () => (await FileStore.open({ directory: temporaryFolder() })).get('k', options),
    ],
    ['SqliteStore', async () => (await SqliteStore.open({ path: ':memory:' })).get('k', options)],
  ])('%s', async (_name, call) => {
    expect(await failureOf(call)).toEqual(
      new TypeError(
        'signal must be an AbortSignal such as AbortSignal.timeout(5_000), got an object',
      ),
    );
  });
});
