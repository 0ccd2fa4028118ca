import { describe, expect, it } from 'vitest';
import { mixBits } from '../src/memory/key-hasher.ts';
import { KeyFilter } from '../src/memory/key-filter.ts';

const capacity = 1_000;
const present = Array.from({ length: capacity }, (_, number) => mixBits(number + 1));
const absent = Array.from({ length: capacity }, (_, number) => mixBits(-number - 1));

function empty(capacity: number): KeyFilter {
  const filter = new KeyFilter();
  filter.fit(capacity, []);
  return filter;
}

function filled(): KeyFilter {
  const filter = empty(capacity);
  for (const hash of present) filter.add(hash);
  return filter;
}

describe('KeyFilter', () => {
  it('excludes no key that is there, and most that are not', () => {
    const filter = filled();

    expect(present.filter((hash) => filter.excludes(hash))).toEqual([]);
    expect(absent.filter((hash) => filter.excludes(hash)).length).toBeGreaterThan(700);
  });

  it('excludes keys that left', () => {
    const filter = filled();
    for (const hash of present) filter.delete(hash);

    expect(present.every((hash) => filter.excludes(hash))).toBe(true);
  });

  it('knows all once it learnt the hashes of keys that came without, or these left', () => {
    const filter = empty(capacity);
    filter.add(0);
    filter.add(0);
    expect(filter.knowsAll).toBe(false);

    filter.learn(7);
    expect(filter.knowsAll).toBe(false);
    filter.delete(0);

    expect(filter.knowsAll).toBe(true);
    expect(filter.excludes(7)).toBe(false);
  });

  it('never excludes a key in a place that more keys had than it counts', () => {
    const filter = empty(capacity);
    for (let number = 0; number < 300; number++) filter.add(7);
    for (let number = 0; number < 299; number++) filter.delete(7);

    expect(filter.excludes(7)).toBe(false);
  });

  it('excludes most keys that are not there after it was fitted to more', () => {
    const filter = empty(10);
    for (const hash of present) filter.add(hash);
    expect(absent.filter((hash) => filter.excludes(hash))).toEqual([]);

    filter.fit(capacity, present);

    expect(filter.knowsAll).toBe(true);
    expect(present.filter((hash) => filter.excludes(hash))).toEqual([]);
    expect(absent.filter((hash) => filter.excludes(hash)).length).toBeGreaterThan(700);
  });

  it('does not know all after it was fitted as long as a key came without a hash', () => {
    const filter = filled();
    filter.add(0);

    filter.fit(2 * capacity, [...present, 0]);
    expect(filter.knowsAll).toBe(false);
    filter.learn(7);

    expect(filter.knowsAll).toBe(true);
    expect(filter.excludes(7)).toBe(false);
  });
});
