import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { affixPattern, ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';

const fixture = fileURLToPath(new URL('fixtures/set-once.ts', import.meta.url));

function setInOtherProcess(directory: string, key: string, value: string, tag: string): void {
  execFileSync(process.execPath, ['--conditions=@x/source', fixture, directory, key, value, tag]);
}

describe('FileStore shared with another process', () => {
  it('reads, lists and invalidates what the other wrote', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await store.set('mine', { value: 1, createdAt: 0, tags: ['old'] });
    expect(await store.get('theirs')).toBeUndefined();

    setInOtherProcess(directory, 'theirs', 'new', 'blue');
    setInOtherProcess(directory, 'mine', 'taken over', 'blue');

    expect((await store.get('theirs'))?.value).toBe('new');
    expect((await store.get('mine'))?.value).toBe('taken over');
    expect((await Array.fromAsync(store.keys())).sort()).toEqual(['mine', 'theirs']);
    await store.invalidate({ tags: ['old'] });
    expect((await store.get('mine'))?.value).toBe('taken over');
    await store.invalidate({ tags: ['blue'] });
    expect(await store.get('mine')).toBeUndefined();
    expect(await store.get('theirs')).toBeUndefined();
  });

  it('reaches entries that it never saw', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const other = await FileStore.open({ directory });
    const put = (key: string, tag: string): Promise<void> =>
      other.set(key, { value: key, createdAt: 0, tags: [tag] });
    await put('user:1', 'a');
    await put('user:2', 'a');
    await put('item:1', 'b');

    await store.invalidate({ pattern: affixPattern('user:') });
    expect(await Array.fromAsync(other.keys())).toEqual(['item:1']);
    expect(await store.delete('item:1')).toBe(true);
    await put('item:2', 'b');
    await store.clear();
    expect(await other.get('item:2')).toBeUndefined();
  });

  it('does not purge what the other has renewed', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock();
    const store = await FileStore.open({ directory, clock });
    const other = await FileStore.open({ directory, clock });
    const expiresAt = clock.now() + 10;
    await store.set('a', { value: 1, createdAt: 0, expiresAt });
    await store.set('b', { value: 1, createdAt: 0, expiresAt });
    await other.set('a', { value: 2, createdAt: 0 });
    clock.advance(10);

    expect(await store.purgeExpired()).toBe(1);
    expect(await Array.fromAsync(store.keys())).toEqual(['a']);
    expect((await store.get('a'))?.value).toBe(2);
  });

  it('lists what the other has renewed', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock();
    const store = await FileStore.open({ directory, clock });
    const other = await FileStore.open({ directory, clock });
    await store.set('a', { value: 1, createdAt: 0, expiresAt: clock.now() + 10 });
    await other.set('a', { value: 2, createdAt: 0 });
    clock.advance(10);

    expect(await Array.fromAsync(store.keys())).toEqual(['a']);
  });
});
