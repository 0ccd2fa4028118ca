import type { Entry } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { compilePattern, MemoryStore } from '../src/index.ts';

const clock = new ManualClock();
const entry = (value: unknown, more: Partial<Entry> = {}): Entry => ({
  value,
  createdAt: clock.now(),
  ...more,
});

describe('MemoryStore', () => {
  it('answers at once, never with a promise', () => {
    const store = new MemoryStore();
    store.set('a', entry(1));

    expect(store.get('a')).toEqual(entry(1));
    expect(store.delete('a')).toBe(true);
    expect(store.invalidate({ tags: ['x'] })).toBe(0);
    expect(store.stats()).toMatchObject({ entries: 0 });
  });

  it('is named memory unless told otherwise', () => {
    expect(new MemoryStore().name).toBe('memory');
    expect(new MemoryStore({ name: 'first' }).name).toBe('first');
  });

  it('holds 1000 entries by default and counts what it evicts', () => {
    const store = new MemoryStore();
    for (let index = 0; index < 1_001; index++) store.set(`${index}`, entry(index));

    expect(store.stats()).toMatchObject({ entries: 1_000, evictions: 1 });
    expect(store.get('1000')).toMatchObject({ value: 1_000 });
  });

  it('answers how many entries an invalidation removed', () => {
    const store = new MemoryStore({ clock });
    store.set('a', entry(1, { tags: ['x', 'y'] }));
    store.set('b', entry(1, { tags: ['y'] }));
    store.set('c', entry(1, { tags: ['y'], expiresAt: clock.now() + 5 }));
    clock.advance(5);

    expect(store.invalidate({ tags: ['x', 'y'] })).toBe(2);
    store.set('a:1', entry(1));
    store.set('a:2', entry(1));
    expect(store.invalidate({ pattern: compilePattern('a:*') })).toBe(2);
  });

  it('forgets the tags of what left, however it left', () => {
    const store = new MemoryStore({ clock, maxEntries: 2 });
    const tagged = entry(1, { tags: ['t'] });
    store.set('evicted', tagged);
    store.set('replaced', tagged);
    store.set('deleted', tagged);
    store.set('replaced', entry(2));
    store.delete('deleted');
    store.set('evicted', entry(3));

    expect(store.invalidate({ tags: ['t'] })).toBe(0);
    expect(store.stats().entries).toBe(2);
  });

  it('measures deadlines from the set on, whatever the wall clock does', () => {
    const clock = new ManualClock();
    const store = new MemoryStore({ clock });
    store.set('a', { value: 1, createdAt: clock.now(), expiresAt: clock.now() + 1_000 });

    clock.stepWallClock(86_400_000);
    expect(store.get('a')).toBeDefined();
    clock.stepWallClock(-2 * 86_400_000);
    clock.advance(1_000);
    expect(store.get('a')).toBeUndefined();
  });

  it('can be written to without end while its keys are listed', async () => {
    const store = new MemoryStore();
    for (const key of ['a', 'b', 'c']) store.set(key, entry(1));

    const seen: string[] = [];
    for await (const key of store.keys()) {
      seen.push(key);
      store.delete(key);
      store.set(key, entry(2));
      store.set(`${key}+`, entry(3));
    }

    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [{ maxEntries: 0 }, 'maxEntries'],
    [{ clone: 'deep' }, 'clone must be one of "none", "freeze", "structured", got "deep"'],
    [{ name: '' }, 'name'],
  ])('refuses the options %j', (options, message) => {
    expect(() => new MemoryStore(options as never)).toThrow(message);
  });
});

describe('MemoryStore bytes', () => {
  let store: MemoryStore;

  beforeEach(() => {
    store = new MemoryStore();
  });

  const bytesOf = (value: unknown): number => {
    store.clear();
    store.set('k', entry(value));
    return store.stats().bytes;
  };

  it('grow with what is kept and return to zero', () => {
    expect(bytesOf('x'.repeat(1_000)) - bytesOf('')).toBe(2_000);
    expect(bytesOf(Buffer.alloc(5_000))).toBeGreaterThanOrEqual(5_000);
    expect(bytesOf([1, 2, 3])).toBeGreaterThan(bytesOf([]));
    expect(bytesOf(new Map([['a', 'b'.repeat(100)]]))).toBeGreaterThan(200);
    expect(bytesOf({ a: { b: { c: 'x'.repeat(100) } } })).toBeGreaterThan(200);
    store.clear();
    expect(store.stats().bytes).toBe(0);
  });

  it('estimate large lists from their beginning, and end on cycles', () => {
    const long = Array.from({ length: 1_000_000 }, () => 'x'.repeat(10));
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;

    expect(bytesOf(long) / 28_000_000).toBeCloseTo(1, 1);
    expect(bytesOf(cycle)).toBeLessThan(1_000);
  });

  it('are bounded by maxBytes', () => {
    const store = new MemoryStore({ maxBytes: 10_000 });
    for (let index = 0; index < 100; index++) store.set(`${index}`, entry('x'.repeat(400)));

    expect(store.stats().bytes).toBeLessThanOrEqual(10_000);
    expect(store.stats().entries).toBeGreaterThan(5);
    store.set('0', entry('x'.repeat(10_000)));
    expect(store.get('0')).toBeUndefined();
  });

  it('are counted by sizeOf where it is given', () => {
    const store = new MemoryStore<string>({ maxBytes: 5, sizeOf: ({ value }) => value.length });
    store.set('a', { value: 'aaa', createdAt: 0 });
    store.set('b', { value: 'bbb', createdAt: 0 });

    expect(store.stats()).toMatchObject({ entries: 1, bytes: 3 });
  });
});

describe('MemoryStore clone', () => {
  it('none: everybody shares the object that was set', () => {
    const store = new MemoryStore();
    const value = { list: [1] };
    store.set('a', entry(value));
    value.list.push(2);

    expect(store.get('a')?.value).toBe(value);
  });

  it('freeze: the object that was set becomes read-only throughout', () => {
    const store = new MemoryStore({ clone: 'freeze' });
    const value = { list: [{ n: 1 }], when: new Date(0), bytes: new Uint8Array(2) };
    store.set('a', entry(value));

    expect(store.get('a')?.value).toBe(value);
    expect(() => value.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => ((value.list[0] as { n: number }).n = 2)).toThrow(TypeError);
    value.bytes[0] = 1;
  });

  it('structured: nobody can change what the others see', () => {
    const store = new MemoryStore({ clone: 'structured' });
    const value = { list: [1] };
    store.set('a', entry(value, { tags: ['t'] }));
    value.list.push(2);
    const copy = store.get('a')?.value as typeof value;
    copy.list.push(3);

    expect(store.get('a')?.value).toEqual({ list: [1] });
    expect(store.invalidate({ tags: ['t'] })).toBe(1);
    expect(() =>
      store.set(
        'b',
        entry(() => {}),
      ),
    ).toThrow('could not be cloned');
  });
});
