import {
  BoundedDispatcher,
  CacheManager,
  collectProcessMetrics,
  configFromEnv,
  createCodec,
  HttpPool,
  obeyRateLimit,
  PerformanceOptimizer,
  Registry,
  Semaphore,
  TokenBucket,
} from '@x/performance';
import { describe, expect, it } from 'vitest';

describe('an argument of the wrong kind is told by name', () => {
  it.each<[string, () => unknown]>([
    [
      `options must be an object such as { format: 'openmetrics' }, got "openmetrics"`,
      () => new Registry().exposition('openmetrics' as never),
    ],
    [
      `options must be an object such as { format: 'openmetrics' }, got "openmetrics"`,
      () => new Registry().expositionStream('openmetrics' as never),
    ],
    [
      'options must be an object such as { width }, got 80',
      () => new Registry().report(80 as never),
    ],
    [
      'options must be an object such as { compression }, got "zstd"',
      () => createCodec('zstd' as never),
    ],
    [
      'options must be an object such as { shapes }, got true',
      () => new Registry().snapshot(true as never),
    ],
    [
      'options must be an object such as { write }, got a function',
      () => new Registry().reportEvery(1_000, (() => {}) as never),
    ],
    [
      'options must be an object such as { help, labelNames }, got "Calls"',
      () => new Registry().counter('calls_total', 'Calls' as never),
    ],
    [
      'options must be an object such as { eventLoopResolutionMs }, got 10',
      () => collectProcessMetrics(new Registry(), 10 as never),
    ],
    [
      'options must be an object such as { maxTotalConnections }, got 10',
      () => new BoundedDispatcher(10 as never),
    ],
    ['env must be an object such as process.env, got "x"', () => configFromEnv('x' as never)],
    [
      'options must be an object such as { prefix }, got "APP_"',
      () => configFromEnv({}, 'APP_' as never),
    ],
    ['registry must be a Registry, got undefined', () => collectProcessMetrics(undefined as never)],
    ['registry must be a Registry, got an object', () => collectProcessMetrics({} as never)],
    [
      'headers must be Headers or another object with get(), got an object',
      () => obeyRateLimit(new TokenBucket({ permitsPerSecond: 1 }), {} as never),
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(new TypeError(message));
  });

  it.each([
    ['CacheManager', () => new CacheManager()],
    ['BoundedDispatcher', () => new BoundedDispatcher()],
    ['HttpPool', () => new HttpPool()],
    ['PerformanceOptimizer', () => PerformanceOptimizer.open()],
  ])('by close of a %s', async (_, open) => {
    const component = await open();
    await expect(async () => component.close(500 as never)).rejects.toThrow(
      new TypeError('options must be an object such as { timeoutMs }, got 500'),
    );
    await component.close();
  });

  it('by semaphore.map', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    await expect(semaphore.map([1], (item) => item, 5 as never)).rejects.toThrow(
      new TypeError('options must be an object such as { timeoutMs }, got 5'),
    );
  });

  it.each(['user:*', undefined])('by cache.invalidate(%j)', async (target) => {
    await expect(new CacheManager().invalidate(target as never)).rejects.toThrow(
      new TypeError(
        `target must be an object such as { tags }, got ${JSON.stringify(target) ?? 'undefined'}`,
      ),
    );
  });
});
