import type { Entry } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { compilePattern, MemoryStore } from '../src/index.ts';

const many = 10_000;
const clock = new ManualClock();
let store: MemoryStore;

const entry = (value: unknown, tags?: string[]): Entry => ({
  value,
  createdAt: clock.now(),
  tags,
});
const isHeld = (key: string): boolean => store.get(key) !== undefined;
const invalidate = (glob: string): number | undefined =>
  store.invalidate({ pattern: compilePattern(glob) });

async function keys(): Promise<string[]> {
  const listed: string[] = [];
  for await (const key of store.keys()) listed.push(key);
  return listed;
}

/** Lets the store work in the background until it has nothing more to do. */
function settle(): void {
  for (let turn = 0; turn < 100; turn++) clock.advance(1);
}

beforeEach(() => {
  store = new MemoryStore({ maxEntries: 2 * many, clock });
  for (let number = 0; number < many; number++) {
    store.set(userKey(number), entry(number, ['users', `team:${number % 2}`]));
  }
  store.set('other', entry('kept'));
});

describe.each([
  ['a pattern', (): number | undefined => invalidate('user:*')],
  ['a tag', (): number | undefined => store.invalidate({ tags: ['users'] })],
  ['several tags', (): number | undefined => store.invalidate({ tags: ['team:0', 'team:1'] })],
])('MemoryStore.invalidate by %s that very many entries match', (_, invalidateUsers) => {
  it('puts them out of sight at once and removes them behind it', async () => {
    expect(invalidateUsers()).toBeUndefined();
    expect(isHeld('user:0')).toBe(false);
    expect(store.getMany([`user:${many - 1}`, 'other'])).toMatchObject([
      undefined,
      { value: 'kept' },
    ]);
    expect(await keys()).toEqual(['other']);
    expect(store.stats().entries).toBeGreaterThan(many / 2);

    settle();
    expect(store.stats().entries).toBe(1);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('leaves what is written afterwards', () => {
    invalidateUsers();
    store.set('user:1', entry('new', ['users']));
    store.set(`user:${many - 1}`, entry('new', ['users']));
    store.set('user:new', entry('new'));
    expect(store.get(`user:${many - 1}`)).toMatchObject({ value: 'new' });

    settle();
    expect(store.stats().entries).toBe(4);
    expect(store.get('user:1')).toMatchObject({ value: 'new' });
    expect(store.invalidate({ tags: ['users'] })).toBe(2);
  });

  it('has nothing to delete there', () => {
    invalidateUsers();
    expect(store.delete(`user:${many - 1}`)).toBe(false);
    expect(store.delete('other')).toBe(true);
  });

  it('counts what it removes when it is asked again', () => {
    invalidateUsers();
    store.set('user:1', entry('new', ['users', 'team:0']));
    settle();
    expect(invalidateUsers()).toBe(1);
  });

  it('ends with the store', () => {
    invalidateUsers();
    store.close();
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });
});

describe('MemoryStore.invalidate', () => {
  it('keeps a value that could not be replaced out of sight', () => {
    const copying = new MemoryStore({ maxEntries: many, clock, clone: 'structured' });
    for (let number = 0; number < many; number++) copying.set(`user:${number}`, entry(number));
    copying.invalidate({ pattern: compilePattern('user:*') });

    expect(() =>
      copying.set(
        `user:${many - 1}`,
        entry(() => 1),
      ),
    ).toThrow('could not be cloned');
    expect(copying.get(`user:${many - 1}`)).toBeUndefined();
  });

  it('counts no entry that was out of sight already', () => {
    store.set(`user:${many - 1}`, entry('old', ['few']));
    store.set('other', entry('old', ['few']));
    invalidate('user:*');
    expect(store.invalidate({ tags: ['few'] })).toBe(1);
  });

  it('goes on with any number of invalidations at a time', async () => {
    for (let number = 0; number < 100; number++) invalidate(`*${number}`);
    expect(await keys()).toEqual(['other']);
    settle();
    expect(store.stats().entries).toBe(1);
  });
});

type Change =
  | { readonly set: string; readonly tag: string }
  | { readonly delete: string }
  | { readonly pattern: string }
  | { readonly tags: readonly string[] }
  | { readonly turns: number };

/** What a store should hold: keys with their tags. */
type Model = Map<string, readonly string[]>;

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    fc.record({ set: fc.nat(many - 1).map(userKey), tag: fc.constantFrom('a', 'b') }),
    fc.record({ delete: fc.nat(many - 1).map(userKey) }),
    fc.record({ pattern: fc.constantFrom('user:*', 'user:*1', 'user:1*', '*0', 'user:[5-9]*') }),
    fc.record({ tags: fc.subarray(['a', 'b', 'users', 'team:1'], { minLength: 1 }) }),
    fc.record({ turns: fc.integer({ min: 1, max: 3 }) }),
  ),
  { maxLength: 30 },
);

function userKey(number: number): string {
  return `user:${number}`;
}

/** `false` when the store answered something else than the model. */
function apply(change: Change, model: Model): boolean {
  if ('set' in change) {
    store.set(change.set, entry(1, [change.tag]));
    model.set(change.set, [change.tag]);
  } else if ('delete' in change) {
    return store.delete(change.delete) === model.delete(change.delete);
  } else if ('pattern' in change) {
    const pattern = compilePattern(change.pattern);
    store.invalidate({ pattern });
    for (const key of model.keys()) if (pattern.matches(key)) model.delete(key);
  } else if ('tags' in change) {
    store.invalidate({ tags: change.tags });
    for (const [key, tags] of model) {
      if (tags.some((tag) => change.tags.includes(tag))) model.delete(key);
    }
  } else {
    for (let turn = 0; turn < change.turns; turn++) clock.advance(1);
  }
  return true;
}

describe('MemoryStore with large invalidations', () => {
  it('answers as if they were carried out at once', () => {
    const property = fc.property(changes, (changes) => {
      const model: Model = new Map();
      store = new MemoryStore({ maxEntries: many, clock });
      for (let number = 0; number < many; number++) {
        model.set(userKey(number), ['users', `team:${number % 2}`]);
        store.set(userKey(number), entry(1, ['users', `team:${number % 2}`]));
      }
      const isRight = changes.every((change) => apply(change, model));
      const held = Array.from({ length: many }, (_, number) => userKey(number)).filter(isHeld);
      settle();
      return isRight && held.every((key) => model.has(key)) && store.stats().entries === model.size;
    });
    expect(() => fc.assert(property, { numRuns: 40 })).not.toThrow();
  });
});
