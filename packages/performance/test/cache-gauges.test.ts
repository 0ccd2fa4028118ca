import { describe, expect, it } from 'vitest';
import { CacheManager, createCache, Registry } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

function heldIn(registry: Registry): string[] {
  return registry
    .exposition()
    .split('\n')
    .filter((line) => line.startsWith('cache_entries{'));
}

describe('cache_entries and cache_bytes', () => {
  it('are what a cache in memory holds when they are read, and stay when it closes', async () => {
    const registry = new Registry();
    const cache = new CacheManager({ meter: registry, name: 'users' });
    expect(heldIn(registry)).toEqual(['cache_entries{cache="users",tier="memory"} 0']);

    for (const key of ['a', 'b', 'c']) await cache.set(key, 1);
    await cache.delete('a');
    expect(heldIn(registry)).toEqual(['cache_entries{cache="users",tier="memory"} 2']);
    expect(registry.exposition()).toMatch(/cache_bytes\{cache="users",tier="memory"\} [1-9]/);

    await cache.close();
    expect(heldIn(registry)).toEqual(['cache_entries{cache="users",tier="memory"} 2']);
  });

  it.each(['sqlite', 'filesystem'] as const)(
    'follow what a backend of the kind %s holds',
    async (backend) => {
      const registry = new Registry();
      await using cache = await createCache({
        backend,
        directory: temporaryFolder(),
        maxMemoryEntries: 1,
        meter: registry,
      });
      await cache.setMany([
        ['a', 1],
        ['b', 2],
      ]);
      await expect
        .poll(() => heldIn(registry).toSorted())
        .toEqual(
          [
            'cache_entries{cache="cache",tier="memory"} 1',
            `cache_entries{cache="cache",tier="${backend}"} 2`,
          ].toSorted(),
        );
    },
  );
});
