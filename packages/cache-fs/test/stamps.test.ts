import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { affixPattern } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';
import { entriesIn, temporaryFolder } from './folders.ts';

const entry = (value: unknown, tags?: readonly string[]) => ({ value, createdAt: 0, tags });

describe('FileStore.invalidate', () => {
  it('hides entries at once and leaves their removal to the purge', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await store.setMany(
      Array.from({ length: 700 }, (_, index) => [
        `user:${index}`,
        entry(index, [index % 2 === 0 ? 'even' : 'odd']),
      ]),
    );

    await store.invalidate({ tags: ['even'] });
    await store.invalidate({ pattern: affixPattern('user:1') });
    expect(await entriesIn(directory)).toHaveLength(700);
    expect(await store.get('user:2')).toBeUndefined();
    expect(await store.delete('user:4')).toBe(false);
    expect(await Array.fromAsync(store.keys())).toHaveLength(350 - 56);

    expect(await store.purgeExpired()).toBe(0);
    expect(await entriesIn(directory)).toHaveLength(350 - 55 - 1);
    expect(await store.stats()).toMatchObject({ entries: 294, expirations: 0 });
    await store.close();
  });

  it('is remembered by a store that is opened later', async () => {
    const directory = temporaryFolder();
    const first = await FileStore.open({ directory });
    await first.setMany(['a:1', 'b:1'].map((key) => [key, entry(key, ['\ud800', key])]));
    await first.set('c', entry('c', ['\ud801']));
    await first.invalidate({ tags: ['\ud800'] });
    await first.set('a:1', entry('new', ['\ud800']));
    await first.close();

    const second = await FileStore.open({ directory });
    expect((await Array.fromAsync(second.keys())).sort()).toEqual(['a:1', 'c']);
    await second.invalidate({ pattern: affixPattern('a:', '\0') });
    expect((await second.get('a:1'))?.value).toBe('new');
    await second.close();
  });

  it('keeps at most 64 patterns and forgets none', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const keys = Array.from({ length: 100 }, (_, index) => `key:${index}:`);
    await store.setMany(keys.map((key) => [key, entry(key)]));

    await Promise.all(
      keys.slice(0, 80).map((key) => store.invalidate({ pattern: affixPattern(key) })),
    );
    await store.invalidate({ pattern: affixPattern(keys[0] ?? '') });

    // The oldest were carried out, the others are remembered.
    expect((await entriesIn(directory)).length).toBeLessThanOrEqual(100 - (80 - 64));
    expect((await Array.fromAsync(store.keys())).sort()).toEqual(keys.slice(80).sort());
    await store.close();
  });

  it('carries tags out beyond 10,000', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await store.set('a', entry(1, ['tag:1']));
    await store.set('b', entry(2, ['other']));
    const tags = Array.from({ length: 10_001 }, (_, index) => `tag:${index}`);
    await store.invalidate({ tags });

    expect(await entriesIn(directory)).toHaveLength(1);
    expect(await Array.fromAsync(store.keys())).toEqual(['b']);
    expect(await store.stats()).toMatchObject({ entries: 1 });
    await store.close();
  });

  it('takes what another program wrote for a pattern as matching its prefix', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const other = await FileStore.open({ directory });
    await other.setMany(['a:1', 'b:1'].map((key) => [key, entry(key)]));
    await store.invalidate({ pattern: { ...affixPattern('a:'), regexSource: '(' } });

    expect(await Array.fromAsync(other.keys())).toEqual(['b:1']);
    await Promise.all([store.close(), other.close()]);
  });
});

describe('FileStore.set with since, after a sweep', () => {
  it('is dropped when what happened since was forgotten', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
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
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const since = await store.mark();
    await store.delete('first');
    const keys = Array.from({ length: 12_000 }, (_, index) => `key:${index}`);
    for (let start = 0; start < keys.length; start += 1_000) {
      await store.deleteMany(keys.slice(start, start + 1_000));
    }

    await store.set('first', entry('loaded'), { since });
    expect(await store.get('first')).toBeUndefined();
    expect((await store.changesSince(since)).keys).toEqual([]);
    const other = await FileStore.open({ directory });
    expect((await other.changesSince(since)).keys).toBe('all');
    await Promise.all([store.close(), other.close()]);
  });

  it('takes no position of an earlier database in the same place for its own', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const since = await store.mark();
    await store.close();
    rmSync(directory, { recursive: true });

    const next = await FileStore.open({ directory });
    expect((await next.changesSince(since)).keys).toBe('all');
    await next.set('a', entry('loaded'), { since });
    expect(await next.get('a')).toBeUndefined();
    await next.close();
  });
});

describe('two FileStores over one folder', () => {
  const key = fc.constantFrom('a', 'b', 'x:1', 'x:2');
  const tag = fc.constantFrom('red', 'blue');
  const step = fc.record({
    actor: fc.nat(1),
    action: fc.constantFrom(
      'set',
      'load',
      'delete',
      'tag',
      'pattern',
      'clear',
      'purge',
      'compact',
      'mark',
    ),
    key,
    tag,
  });

  it('answer what one plain map would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const directory = temporaryFolder();
        const stores = [await FileStore.open({ directory }), await FileStore.open({ directory })];
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
            await (action === 'purge' ? store.purgeExpired() : store.compact());
            // It forgets what happened before it, if there was anything to carry out.
            mark = await store.mark();
            touched = new Set();
            touchedTags.clear();
          }
          for (const reader of stores) {
            const keys = await Array.fromAsync(reader.keys());
            expect(keys.sort()).toEqual([...model.keys()].sort());
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
