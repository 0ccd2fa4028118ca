import { setImmediate as endOfTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';

afterEach(() => void vi.useRealTimers());

describe('CacheManager under fake timers', () => {
  it('sees what other processes change, although nobody moves the time', async () => {
    const shared = new MemoryStore();
    const changes: string[] = [];
    const below = Object.assign(shared, {
      mark: () => changes.length,
      changesSince: (cursor: number) => ({ keys: changes.slice(cursor), cursor: changes.length }),
    });
    await using cache = new CacheManager({ tiers: [new MemoryStore(), below], ttlMs: 1_000 });
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'Date', 'performance'] });

    await cache.set('a', 'mine');
    expect(await cache.get('a')).toBe('mine');
    shared.set('a', { value: 'theirs', createdAt: 0 });
    changes.push('a');
    await endOfTurn();

    expect(await cache.get('a')).toBe('theirs');
  });
});
