import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { affixPattern } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const nodeArguments = ['--conditions=@x/source'];

describe('SqliteStore shared with another process', () => {
  it('reads, lists and invalidates what the other wrote', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await SqliteStore.open({ path });
    await store.set('mine', { value: 1, createdAt: 0, tags: ['old'] });
    expect(await store.get('theirs')).toBeUndefined();

    for (const [key, value] of [
      ['theirs', 'new'],
      ['mine', 'taken over'],
    ] as const) {
      const args = [...nodeArguments, fixture('set-once.ts'), path, key, value, 'blue'];
      execFileSync(process.execPath, args);
    }

    expect((await store.get('theirs'))?.value).toBe('new');
    expect((await store.get('mine'))?.value).toBe('taken over');
    expect(await Array.fromAsync(store.keys())).toEqual(['mine', 'theirs']);
    expect(await store.stats()).toMatchObject({ entries: 2 });
    await store.invalidate({ tags: ['old'] });
    expect((await store.get('mine'))?.value).toBe('taken over');
    await store.invalidate({ tags: ['blue'] });
    expect(await Array.fromAsync(store.keys())).toEqual([]);
    expect(await store.get('theirs')).toBeUndefined();
    await store.close();
  });

  it('works for several stores at once, each seeing what the others did', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const stores = await Promise.all([1, 2, 3].map(() => SqliteStore.open({ path })));
    const [first, second] = stores;
    await Promise.all(
      stores.flatMap((store, owner) =>
        Array.from({ length: 50 }, (_, index) =>
          store.set(`user:${owner}:${index}`, { value: index, createdAt: 0, tags: [`t${owner}`] }),
        ),
      ),
    );

    expect(await first?.stats()).toMatchObject({ entries: 150 });
    await first?.invalidate({ pattern: affixPattern('user:1') });
    expect(await second?.get('user:1:7')).toBeUndefined();
    await second?.invalidate({ tags: ['t2', 't1'] });
    expect(await first?.get('user:2:7')).toBeUndefined();
    expect((await first?.get('user:0:7'))?.value).toBe(7);
    await second?.clear();
    expect(await first?.get('user:0:0')).toBeUndefined();
    await first?.set('a', { value: 1, createdAt: 0 });
    expect((await second?.get('a'))?.value).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('waits for a lock without holding up the event loop', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await SqliteStore.open({ path });
    await store.set('a', { value: 'old', createdAt: 0 });
    const holder = spawn(process.execPath, [fixture('hold-lock.ts'), path, '300'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit');
    await once(holder.stdout, 'data');

    let turns = 0;
    const counting = setInterval(() => turns++, 5);
    const write = store.set('a', { value: 'new', createdAt: 0 });
    expect((await store.get('a'))?.value).toBe('new');
    await write;
    clearInterval(counting);

    expect(turns).toBeGreaterThan(5);
    expect((await store.get('a'))?.value).toBe('new');
    await ended;
    await store.close();
  });
});
