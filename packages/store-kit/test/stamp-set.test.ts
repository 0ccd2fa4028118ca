import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf, type Stamp, StampSet, targetsOf } from '../src/index.ts';

const prefixed = (prefix: string, position: number): Stamp => ({
  pattern: patternOf(prefix, '', 'u'),
  position,
});
/** Patterns with a name of their own each. */
const numbered = (position: number): Stamp => ({
  pattern: patternOf('', `^${position}$`, 'u'),
  position,
});

describe('StampSet', () => {
  it('hides entries of a tag that were written before the stamp', () => {
    const stamps = new StampSet();
    stamps.add({ tag: 'red', position: 5 });

    expect(stamps.hides('a', ['blue', 'red'], 4)).toBe(true);
    expect(stamps.hides('a', ['blue', 'red'], 5)).toBe(false);
    expect(stamps.hides('a', ['blue'], 4)).toBe(false);
    expect(stamps.hides('a', undefined, 4)).toBe(false);
  });

  it('hides entries whose keys match a pattern', () => {
    const stamps = new StampSet();
    stamps.add(prefixed('user:', 5));

    expect(stamps.hides('user:1', undefined, 4)).toBe(true);
    expect(stamps.hides('user:1', undefined, 5)).toBe(false);
    expect(stamps.hides('group:1', undefined, 4)).toBe(false);
  });

  it('keeps one stamp for each target, the last', () => {
    const stamps = new StampSet();
    for (const position of [1, 2, 3]) {
      stamps.add({ tag: 'red', position });
      stamps.add(prefixed('user:', position));
    }

    expect(stamps.size).toBe(2);
    expect([...stamps].map(({ position }) => position)).toEqual([3, 3]);
  });

  it('says which stamps there are too many of', () => {
    const stamps = new StampSet();
    for (let position = 1; position <= 64; position++) stamps.add(numbered(position));
    expect(stamps.excess).toBeUndefined();

    stamps.add(numbered(65));
    expect(stamps.excess).toBe('patterns');
    expect(stamps.oldestPattern()).toMatchObject({ position: 1 });

    for (let position = 1; position <= 10_001; position++)
      stamps.add({ tag: `${position}`, position });
    expect(stamps.excess).toBe('tags');
  });

  it('takes a pattern that is stamped again for the youngest', () => {
    const stamps = new StampSet();
    stamps.add(numbered(1));
    stamps.add(numbered(2));
    stamps.add({ ...numbered(1), position: 3 });

    expect(stamps.oldestPattern()).toMatchObject({ position: 2 });
  });

  it('forgets what was carried out, tags only when asked', () => {
    const stamps = new StampSet();
    stamps.add(numbered(1));
    stamps.add({ tag: 'red', position: 2 });
    stamps.add(numbered(3));

    expect(stamps.removeUpTo(2, false)).toBe(1);
    expect(stamps.size).toBe(2);
    expect(stamps.removeUpTo(2, true)).toBe(2);
    expect([...stamps]).toMatchObject([{ position: 3 }]);
    expect(stamps.removeUpTo(2, true)).toBe(0);
  });

  it('hides what a list of all stamps would hide', () => {
    const target = fc.constantFrom<string>('a', 'ab', 'b', '');
    const stamped = fc.record({ isTag: fc.boolean(), target });
    const change = fc.oneof(stamped, fc.constant('clear' as const));
    const question = fc.record({
      key: fc.constantFrom('a', 'ab', 'abc', 'c'),
      tags: fc.array(target, { maxLength: 2 }),
      position: fc.nat(20),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 20 }),
        question,
        (changes, { key, tags, position }) => {
          const stamps = new StampSet();
          let model: { isTag: boolean; target: string; at: number }[] = [];
          for (const [index, one] of changes.entries()) {
            const at = index + 1;
            if (one === 'clear') {
              stamps.clear();
              model = [];
            } else {
              model.push({ ...one, at });
              const pattern = patternOf(one.target, `^${one.target}`, 'u');
              stamps.add(one.isTag ? { tag: one.target, position: at } : { pattern, position: at });
            }
          }

          expect(stamps.hides(key, tags, position)).toBe(
            model.some(
              (one) =>
                one.at > position &&
                (one.isTag ? tags.includes(one.target) : key.startsWith(one.target)),
            ),
          );
        },
      ),
    );
  });
});

describe('patternOf', () => {
  it('asks the prefix and the expression', () => {
    const { matches } = patternOf('user:', '^user:[0-9]+$', 'u');

    expect(matches('user:1')).toBe(true);
    expect(matches('user:x')).toBe(false);
    expect(matches('group:1')).toBe(false);
  });

  it('matches all of its prefix when nobody can compile the expression', () => {
    const { matches } = patternOf('user:', '(', 'u');

    expect(matches('user:x')).toBe(true);
    expect(matches('group:1')).toBe(false);
  });
});

describe('targetsOf', () => {
  it('answers each tag, or the pattern', () => {
    const pattern = { ...patternOf('a', 'a', ''), source: 'a*' };

    expect(targetsOf({ tags: ['red', 'blue'] })).toEqual([{ tag: 'red' }, { tag: 'blue' }]);
    expect(targetsOf({ pattern })).toEqual([{ pattern }]);
  });
});
