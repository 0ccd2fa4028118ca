import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeArguments } from '../src/argument-key.ts';

describe('encodeArguments', () => {
  it.each([
    [['a'], '"a"'],
    [['a"b'], String.raw`"a\"b"`],
    [[5, '5', 5n, true, null, undefined, -0, NaN], '5,"5",5n,true,null,undefined,-0,NaN'],
    [[{ b: 1, a: [2, { c: 3 }] }], '{"a":[2,{"c":3}],"b":1}'],
    [[new Date(0), new URL('http://a.b/')], 'Date(0),URL("http://a.b/")'],
    [[new Map([['k', new Set([1])]])], 'Map(["k",Set(1)])'],
    [[Uint8Array.of(1, 2)], 'Uint8Array(AQI=)'],
    [[/a\/b/g], String.raw`RegExp("a\\/b",g)`],
    [[], ''],
  ])('turns %o into text', (args, text) => {
    expect(encodeArguments(args)).toBe(text);
  });

  it('is the same for equal data, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const reversed = Object.fromEntries(Object.entries(data).toReversed());
        expect(encodeArguments([reversed])).toBe(encodeArguments([data]));
      }),
    );
  });

  it('is different for different argument lists', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom('"', '\\', ',', '[', ']', '{', '}', ':', 'a', '5', 'n') }),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.array(fc.string({ unit: fc.constantFrom('"', ',', 'a') }), { maxLength: 2 }),
    );
    const typed = (args: unknown[]): string =>
      JSON.stringify(args, (_key, item: unknown) =>
        typeof item === 'bigint' || item === undefined ? { [typeof item]: String(item) } : item,
      );
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (left, right) => {
        expect(encodeArguments(left) === encodeArguments(right)).toBe(typed(left) === typed(right));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an instance of AbortController', new AbortController()],
  ])('refuses %s', (message, value) => {
    expect(() => encodeArguments([{ deep: [value] }])).toThrow(message);
  });

  it('refuses an object that contains itself, but not one that appears twice', () => {
    const twin = { a: 1 };
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;

    expect(encodeArguments([[twin, twin]])).toBe('[{"a":1},{"a":1}]');
    expect(() => encodeArguments([cyclic])).toThrow('contains itself');
  });
});
