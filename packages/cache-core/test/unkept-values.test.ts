import { afterEach, describe, expect, it, vi } from 'vitest';
import { CacheManager, type CacheManagerOptions, MemoryStore } from '../src/index.ts';

const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterEach(() => void emitWarning.mockClear());

/** A store that copies what it keeps, so that it refuses functions. */
const createCache = (options: CacheManagerOptions = {}): CacheManager =>
  new CacheManager({ name: 'users', store: new MemoryStore({ clone: 'structured' }), ...options });

const load = (): unknown => ({ save: () => undefined });

describe('A value that a store refuses', () => {
  it('is answered, with one warning for each cache', async () => {
    await using cache = createCache();
    await using other = createCache({ name: 'other' });

    for (const key of ['a', 'b', 'a']) await cache.getOrSet(key, load);
    await other.getOrSet('a', load);

    expect(emitWarning.mock.calls).toEqual([
      [
        expect.stringMatching(/cache "users": set of "a" .*could not be cloned/),
        'UnkeptValueWarning',
      ],
      [expect.stringContaining('cache "other"'), 'UnkeptValueWarning'],
    ]);
    expect((await cache.stats()).loads).toBe(3);
  });

  it('is warned of for each reason, ten at most', async () => {
    await using cache = createCache();
    await cache.set('a', () => 1).catch(() => undefined);
    for (let reason = 0; reason < 20; reason++) {
      await cache.getOrSet('a', () => Symbol(`of ${reason}`));
    }

    expect(emitWarning).toHaveBeenCalledTimes(10);
    expect(emitWarning.mock.calls.at(-1)?.[0]).toContain('Symbol(of 8)');
  });

  it('is not warned of where somebody listens', async () => {
    const nothing = (): void => undefined;
    const logger = { debug: nothing, info: nothing, warn: vi.fn(), error: nothing };
    await using logged = createCache({ logger });
    await using heard = createCache();
    const events: string[] = [];
    heard.on('error', ({ key }) => events.push(String(key)));

    await logged.getOrSet('a', load);
    await heard.getOrSet('a', load);

    expect(logger.warn).toHaveBeenCalledOnce();
    expect(events).toEqual(['a']);
    expect(emitWarning).not.toHaveBeenCalled();
  });
});
