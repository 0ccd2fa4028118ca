import {
  CacheManager,
  collectProcessMetrics,
  configFromEnv,
  createCodec,
  obeyRateLimit,
  Registry,
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

  it.each(['user:*', undefined])('by cache.invalidate(%j)', async (target) => {
    await expect(new CacheManager().invalidate(target as never)).rejects.toThrow(
      new TypeError(
        `target must be an object such as { tags }, got ${JSON.stringify(target) ?? 'undefined'}`,
      ),
    );
  });
});
