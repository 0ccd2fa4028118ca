import { hostileKeys } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, escapeGlob } from '../src/index.ts';

/** Matches `*`, `?` and literal characters only, by the book. */
function naiveMatch(glob: readonly string[], key: readonly string[]): boolean {
  const [head, ...rest] = glob;
  if (head === undefined) return key.length === 0;
  if (head === '*') {
    return naiveMatch(rest, key) || (key.length > 0 && naiveMatch(glob, key.slice(1)));
  }
  return key.length > 0 && (head === '?' || head === key[0]) && naiveMatch(rest, key.slice(1));
}

const points = (text: string): string[] => Array.from(text);

describe('compilePattern', () => {
  it.each([
    [
      'user:*',
      ['user:', 'user:1', 'user:a/b', 'user:.hidden', 'user:\n\n', 'user:🌱'],
      ['user', 'a user:1'],
    ],
    ['*', ['', 'a', '.', '..', '/', './x', 'a/../b', '\n', '\0'], []],
    ['**', ['', 'a/b', '.x'], []],
    ['a/**/b', ['a//b', 'a/x/y/b'], ['a/b']],
    ['a/*', ['a/', 'a/.', 'a/..', 'a/b/c'], ['a', 'b/']],
    ['*.json', ['.json', 'a/b.json', '..json'], ['json', 'a.jsonx']],
    ['a?c', ['abc', 'a/c', 'a.c', 'a\nc', 'a🌱c'], ['ac', 'abbc']],
    ['?', ['a', '.', '/', '🌱', '\ud800'], ['', 'ab']],
    ['[abc]', ['a', 'c'], ['d', '', 'ab', '[abc]']],
    ['[a-c0-9]x', ['bx', '5x'], ['dx', '-x']],
    ['[!a-c]', ['d', '/', '.', '\n', '!'], ['a', 'b', '']],
    ['[^a]', ['b', '^', '/'], ['a']],
    ['[]]', [']'], ['[', '']],
    ['[!]]', ['a', '['], [']']],
    ['[a-]', ['a', '-'], ['b']],
    [String.raw`[\]\\]`, [']', '\\'], ['[', '/']],
    ['[[:alpha:]]', [':]', 'a]', '[]'], ['x', 'b]']],
    ['[🌱-🌳]', ['🌲'], ['🌴', '\ud83c']],
    ['{a,b}:*', ['a:', 'b:1'], ['c:1', '{a,b}:1']],
    ['{a,{b,c}d}', ['a', 'bd', 'cd'], ['b', 'ad']],
    ['x{,y}', ['x', 'xy'], ['xyy']],
    ['{*,x}/{?,y}', ['/a', 'x/y', 'q/q'], ['x/', 'xx']],
    ['{user}:1', ['{user}:1'], ['user:1']],
    ['{1..3}', ['{1..3}'], ['1', '2', '3']],
    ['a,b}', ['a,b}'], ['a', 'b']],
    [String.raw`\*\?\[\{\!\\`, ['*?[{!\\'], ['aaaaaa']],
    [String.raw`\!a`, ['!a'], ['b']],
    ['a!(b)', ['a!(b)'], ['ac']],
    ['+(a|b)', ['+(a|b)'], ['a', 'ab']],
    ['@(a)?(b)*(c)', ['@(a)x(b)(c)'], ['abc']],
    ['"a*"', ['"ab"'], ['a*', 'ab']],
    ['./x', ['./x'], ['x']],
    ['a.b$^()|+-', ['a.b$^()|+-'], ['axb$^()|+-']],
    ['#/ ~', ['#/ ~'], []],
    ['\0*', ['\0', '\0a'], ['a', '']],
  ] as [string, string[], string[]][])('%j matches %j but not %j', (glob, matching, others) => {
    const pattern = compilePattern(glob);

    expect(matching.filter((key) => !pattern.matches(key))).toEqual([]);
    expect(others.filter((key) => pattern.matches(key))).toEqual([]);
  });

  it.each(['', '!a', '!', '[a', '[', '[]', '{a,b', '{', 'a\\', '[z-a]', 5, null, undefined, ['a']])(
    'refuses %j with a TypeError',
    (glob) => {
      expect(() => compilePattern(glob as string)).toThrow(TypeError);
    },
  );

  it('says what is wrong with a pattern', () => {
    expect(() => compilePattern('!a')).toThrow('pattern "!a" begins with "!"');
    expect(() => compilePattern('a[b')).toThrow('pattern "a[b" has a "[" without its "]"');
    expect(() => compilePattern('a'.repeat(4_097))).toThrow('at most 4096 characters, got 4097');
  });

  it('takes the longest patterns, however they are spelled', () => {
    for (const unit of ['/', '?', '{', '[!a]', '[🌱-🌳]', '*a']) {
      const glob =
        unit === '{' ? '{a,'.repeat(800) + '}'.repeat(800) : unit.repeat(4_096 / unit.length);
      expect(compilePattern(glob.slice(0, 4_096)).source).toHaveLength(glob.length);
    }
  });

  it.each([
    ['user:*', 'user:'],
    ['user:1', 'user:1'],
    ['*', ''],
    ['a/b/c?', 'a/b/c'],
    [String.raw`a\*b*`, 'a*b'],
    ['{user}:*', '{user}:'],
    ['a{b,c}', 'a'],
    ['a[b]', 'a'],
    ['./x*', './x'],
  ])('knows what every match of %j begins with', (glob, prefix) => {
    expect(compilePattern(glob).literalPrefix).toBe(prefix);
  });

  it('can be rebuilt from its regular expression', () => {
    const pattern = compilePattern('a/{b,[!c]}*\n?');
    const rebuilt = new RegExp(pattern.regexSource, pattern.regexFlags);

    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '/', 'b', 'c', '\n', '.') }), (tail) => {
        const key = `a/${tail}`;
        expect(rebuilt.test(key)).toBe(pattern.matches(key));
      }),
    );
  });

  const alphabet = ['a', 'b', '/', '.', '\n', '\0', '🌱', 'ü', '(', '+', '"', '\ud800', '-'];

  it('agrees with a naive matcher for stars, question marks and literals', () => {
    const glob = fc.string({
      unit: fc.constantFrom(...alphabet, '*', '*', '?'),
      minLength: 1,
      maxLength: 8,
    });
    const key = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 });
    fc.assert(
      fc.property(glob, key, (glob, key) => {
        const pattern = compilePattern(glob);
        const expected = naiveMatch(points(glob), points(key));
        expect(pattern.matches(key)).toBe(expected);
        expect(!expected || key.startsWith(pattern.literalPrefix)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds a key made from its own glob', () => {
    const part = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), part, (parts, filling) => {
        fc.pre(parts.some((text) => text !== '') || parts.length > 1);
        const pattern = compilePattern(parts.map(escapeGlob).join('*'));
        // A lone surrogate may join its neighbour to another character.
        fc.pre(!/[\ud800-\udfff]/u.test(parts.join(filling)));
        expect(pattern.matches(parts.join(filling))).toBe(true);
      }),
    );
  });
});

describe('escapeGlob', () => {
  it('turns any text into a pattern that matches just it', () => {
    const keys = [...hostileKeys, '!', '!a', 'a,b}'];
    for (const key of keys.filter((key) => key !== '' && key.length < 1_000)) {
      const pattern = compilePattern(escapeGlob(key));
      expect(keys.filter((other) => pattern.matches(other))).toEqual([key]);
      expect(pattern.literalPrefix).toBe(key);
    }
  });
});
