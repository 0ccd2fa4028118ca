import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  AdaptiveSemaphore,
  BoundedDispatcher,
  Breaker,
  CacheManager,
  HttpPool,
  KeyedRateLimiter,
  KeyedSemaphore,
  MemoryCache,
  MemoryStore,
  Registry,
  Semaphore,
  SqliteStore,
  TokenBucket,
  TokenRetryBudget,
} from '@x/performance';
import { describe, expect, it } from 'vitest';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function closed<T extends { close(): Promise<void> }>(value: T): Promise<T> {
  await value.close();
  return value;
}

// A test file has the classes to itself: what it makes of each is the first.
describe('the first of its class is collected when nobody uses it any more', () => {
  it.each<[string, () => object | Promise<object>]>([
    ['MemoryCache', () => new MemoryCache()],
    ['MemoryStore', () => new MemoryStore()],
    ['CacheManager', () => new CacheManager()],
    ['SqliteStore', async () => closed(await SqliteStore.open({ path: ':memory:' }))],
    ['TokenBucket', () => new TokenBucket({ permitsPerSecond: 1 })],
    ['KeyedRateLimiter', () => new KeyedRateLimiter({ permitsPerSecond: 1 })],
    ['Semaphore', () => new Semaphore({ permits: 1 })],
    ['KeyedSemaphore', () => new KeyedSemaphore({ permits: 1 })],
    ['AdaptiveSemaphore', () => new AdaptiveSemaphore({ targetMs: 1 })],
    ['Breaker', () => new Breaker()],
    ['TokenRetryBudget', () => new TokenRetryBudget()],
    ['Registry', () => new Registry()],
    ['BoundedDispatcher', async () => closed(new BoundedDispatcher())],
    ['HttpPool', async () => closed(new HttpPool())],
  ])('%s', async (_name, make) => {
    const first = await (async () => new WeakRef(await make()))();
    // What a WeakRef was asked for lives at least until the end of the turn.
    for (let turn = 0; turn < 10 && first.deref() !== undefined; turn++) {
      await setImmediate();
      collectGarbage();
    }
    expect(first.deref()).toBeUndefined();
  });
});
