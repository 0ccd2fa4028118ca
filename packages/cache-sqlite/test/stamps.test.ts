import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { affixPattern } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');
const entry = (value: unknown, tags?: readonly string[]) => ({ value, createdAt: 0, tags });

/** Counts the rows of a table as they are on disk. */
function count(path: string, table: 'entries' | 'stamps' | 'changes'): number {
  const database = new Database(path, { readonly: true });
  const rows = database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  database.close();
  return rows;
}

describe('SqliteStore.invalidate', () => {
  it('hides entries at once and leaves their removal to the purge', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    await store.setMany(
      Array.from({ length: 700 }, (_, index) => [
        `user:${index}`,
        entry(index, [index % 2 === 0 ? 'even' : 'odd']),
      ]),
    );

    await store.invalidate({ tags: ['even'] });
    await store.invalidate({ pattern: affixPattern('user:1') });
    expect(count(path, 'entries')).toBe(700);
    expect(await store.get('user:2')).toBeUndefined();
    expect(await store.delete('user:4')).toBe(false);
    expect(await Array.fromAsync(store.keys())).toHaveLength(350 - 56);

    expect(await store.purgeExpired()).toBe(0);
    expect(count(path, 'entries')).toBe(350 - 55 - 1);
    expect(count(path, 'stamps')).toBe(0);
    expect(await store.stats()).toMatchObject({ entries: 294, expirations: 0 });
    await store.close();
  });

  it('is remembered by a store that is opened later', async () => {
    const path = newPath();
    const first = await SqliteStore.open({ path });
    await first.setMany(['a:1', 'b:1'].map((key) => [key, entry(key, ['\ud800', key])]));
    await first.set('c', entry('c', ['\ud801']));
    await first.invalidate({ tags: ['\ud800'] });
    await first.set('a:1', entry('new', ['\ud800']));
    await first.close();

    const second = await SqliteStore.open({ path, driver: 'node:sqlite' });
    expect(await Array.fromAsync(second.keys())).toEqual(['a:1', 'c']);
    await second.invalidate({ pattern: affixPattern('a:', '\0') });
    expect((await second.get('a:1'))?.value).toBe('new');
    await second.close();
  });

  it('keeps at most 64 patterns and forgets none', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const keys = Array.from({ length: 100 }, (_, index) => `key:${index}:`);
    await store.setMany(keys.map((key) => [key, entry(key)]));

    await Promise.all(
      keys.slice(0, 80).map((key) => store.invalidate({ pattern: affixPattern(key) })),
    );
    await store.invalidate({ pattern: affixPattern(keys[0] ?? '') });

    expect(count(path, 'stamps')).toBeLessThanOrEqual(64);
    expect(await Array.fromAsync(store.keys())).toEqual(keys.slice(80).sort());
    await store.close();
  });

  it('takes no second place for the same tag or pattern', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    for (let round = 0; round < 5; round++) {
      await store.set('a', entry(round, ['t']));
      await store.invalidate({ tags: ['t', 'u'] });
      await store.invalidate({ pattern: affixPattern('a') });
      expect(await store.get('a')).toBeUndefined();
    }

    expect(count(path, 'stamps')).toBe(3);
    await store.close();
  });

  it('carries tags out beyond 10,000', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    await store.set('a', entry(1, ['tag:1']));
    await store.set('b', entry(2, ['other']));
    const tags = Array.from({ length: 10_001 }, (_, index) => `tag:${index}`);
    await store.invalidate({ tags });

    expect(count(path, 'stamps')).toBe(0);
    expect(await Array.fromAsync(store.keys())).toEqual(['b']);
    expect(await store.stats()).toMatchObject({ entries: 1 });
    await store.close();
  });

  it('hides more rather than less when what it wrote is damaged', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    await store.setMany(['a', 'b'].map((key) => [key, entry(key, [key])]));
    await store.invalidate({ tags: ['a'] });
    const database = new Database(path);
    database.exec("UPDATE stamps SET target = 'x'");
    database.close();

    const other = await SqliteStore.open({ path });
    expect(await Array.fromAsync(other.keys())).toEqual([]);
    await other.set('b', entry('new', ['a']));
    expect((await other.get('b'))?.value).toBe('new');
    await Promise.all([store.close(), other.close()]);
  });

  it('takes what another program wrote for a pattern as matching its prefix', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const other = await SqliteStore.open({ path });
    await other.setMany(['a:1', 'b:1'].map((key) => [key, entry(key)]));
    await store.invalidate({ pattern: { ...affixPattern('a:'), regexSource: '(' } });

    expect(await Array.fromAsync(other.keys())).toEqual(['b:1']);
    await Promise.all([store.close(), other.close()]);
  });
});

describe('SqliteStore.set with since, after a sweep', () => {
  it('is dropped when what happened since was forgotten', async () => {
    const store = await SqliteStore.open({ path: newPath() });
    await store.set('a', entry('old', ['t']));
    const since = await store.mark();
    await store.invalidate({ tags: ['t'] });
    await store.purgeExpired();
    await store.set('a', entry('loaded', ['t']), { since });
    expect(await store.get('a')).toBeUndefined();

    const again = await store.mark();
    await store.set('a', entry('loaded', ['t']), { since: again });
    expect((await store.get('a'))?.value).toBe('loaded');
    await store.close();
  });

  it('remembers the last 10,000 deletions and no more', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const since = await store.mark();
    await store.delete('first');
    const keys = Array.from({ length: 12_000 }, (_, index) => `key:${index}`);
    for (let start = 0; start < keys.length; start += 1_000) {
      await store.deleteMany(keys.slice(start, start + 1_000));
    }

    expect(count(path, 'changes')).toBeLessThanOrEqual(11_000);
    await store.set('first', entry('loaded'), { since });
    expect(await store.get('first')).toBeUndefined();
    expect((await store.changesSince(since)).keys).toEqual([]);
    const other = await SqliteStore.open({ path });
    expect((await other.changesSince(since)).keys).toBe('all');
    await Promise.all([store.close(), other.close()]);
  });

  it('takes no position of an earlier database in the same place for its own', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const since = await store.mark();
    await store.close();
    rmSync(dirname(path), { recursive: true });

    const next = await SqliteStore.open({ path });
    expect((await next.changesSince(since)).keys).toBe('all');
    await next.set('a', entry('loaded'), { since });
    expect(await next.get('a')).toBeUndefined();
    await next.close();
  });
});

describe('two SqliteStores over one file', () => {
  const key = fc.constantFrom('a', 'b', 'x:1', 'x:2');
  const tag = fc.constantFrom('red', 'blue');
  const step = fc.record({
    actor: fc.nat(1),
    action: fc.constantFrom('set', 'load', 'delete', 'tag', 'pattern', 'clear', 'purge', 'mark'),
    key,
    tag,
  });

  it('answer what one plain map would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const path = newPath();
        const stores = [await SqliteStore.open({ path }), await SqliteStore.open({ path })];
        const model = new Map<string, { value: number; tag: string }>();
        let mark = await stores[0]?.mark();
        let touched = new Set<string>();
        const touchedTags = new Set<string>();

        for (const [index, { actor, action, key: name, tag: label }] of steps.entries()) {
          const store = stores[actor];
          if (store === undefined) throw new Error('no store');
          if (action === 'mark') {
            mark = await store.mark();
            touched = new Set();
            touchedTags.clear();
          } else if (action === 'set') {
            await store.set(name, entry(index, [label]));
            model.set(name, { value: index, tag: label });
            touched.add(name);
          } else if (action === 'load') {
            await store.set(name, entry(index, [label]), { since: mark });
            if (!touched.has(name) && !touchedTags.has(label)) {
              model.set(name, { value: index, tag: label });
              touched.add(name);
            }
          } else if (action === 'delete') {
            await store.delete(name);
            model.delete(name);
            touched.add(name);
          } else if (action === 'tag') {
            await store.invalidate({ tags: [label] });
            for (const [one, held] of model) if (held.tag === label) model.delete(one);
            touchedTags.add(label);
          } else if (action === 'pattern') {
            await store.invalidate({ pattern: affixPattern('x:') });
            for (const one of ['x:1', 'x:2']) {
              model.delete(one);
              touched.add(one);
            }
          } else if (action === 'clear') {
            await store.clear();
            model.clear();
            for (const one of ['a', 'b', 'x:1', 'x:2']) touched.add(one);
          } else {
            await store.purgeExpired();
            // It forgets what happened before it, if there was anything to carry out.
            mark = await store.mark();
            touched = new Set();
            touchedTags.clear();
          }
          for (const reader of stores) {
            const keys = await Array.fromAsync(reader.keys());
            expect(keys).toEqual([...model.keys()].sort());
            const found = await reader.getMany(keys);
            expect(found.map((one) => one?.value)).toEqual(
              keys.map((one) => model.get(one)?.value),
            );
          }
        }
        await Promise.all(stores.map((store) => store.close()));
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
