import { describe, expect, it, vi } from 'vitest';
import { SqliteStore } from '../src/index.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });

describe('SqliteStore under fake timers', () => {
  it('keeps and answers, although nobody moves the time', async () => {
    await using store = await SqliteStore.open({ path: ':memory:' });
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'Date', 'performance'] });
    // jest fakes it, too; vitest does not in processes that it forks.
    const nextTick = vi.spyOn(process, 'nextTick').mockImplementation(() => undefined);
    try {
      for (let count = 0; count < 5; count++) {
        await store.set('a', entry(count));
        expect(await store.get('a')).toMatchObject({ value: count });
      }
      await store.setMany([['b', entry(1)]]);
      expect(await store.delete('b')).toBe(true);
      expect(await store.query()).toHaveLength(1);
    } finally {
      nextTick.mockRestore();
      vi.useRealTimers();
    }
  });
});
