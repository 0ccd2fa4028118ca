import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeArguments, UnencodableError } from '../src/keys/argument-key.ts';

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

  class Point extends Map {}
  class Moment extends Date {}
  const withHole: unknown[] = [1];
  withHole.length = 2;
  it.each([
    ['an instance of Point', new Point()],
    ['an instance of Moment', new Moment(0)],
    ['an instance of a class without a name', Object.create(Object.create(null) as object)],
    ['an instance of Date', Object.create(Date.prototype)],
    ['looks like a URL', Object.create(URL.prototype)],
    ['an instance of Date with properties of its own', Object.assign(new Date(0), { zone: 1 })],
    ['symbol keys or hidden properties', { [Symbol('s')]: 1 }],
    ['symbol keys or hidden properties', Object.defineProperty({}, 'hidden', { value: 1 })],
    ['holes or properties of its own', Object.assign([1], { total: 1 })],
    ['holes or properties of its own', withHole],
    ['holes or properties of its own', Object.assign([...withHole], { length: 3, total: 1 })],
    ['an instance of List', new (class List extends Array {})()],
  ])('refuses what a text would not tell apart: %s', (message, value) => {
    expect(() => encodeArguments([value])).toThrow(UnencodableError);
    expect(() => encodeArguments([value])).toThrow(message);
  });

  it('keeps apart what looks alike', () => {
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    const sticky = /a/y;
    sticky.lastIndex = 3;
    const alike = [
      new Uint8Array(buffer, 0, 2),
      new Uint8Array(buffer, 2, 2),
      new Uint8Array(buffer, 1, 2),
      new Int8Array(buffer, 0, 2),
      new DataView(buffer, 0, 2),
      Buffer.from(buffer, 0, 2),
      /a/y,
      sticky,
      [[1], 2],
      [1, [2]],
      new Map([['a', 1]]),
      new Set([['a', 1]]),
      'Date(0)',
      new Date(0),
    ];
    expect(new Set(alike.map((value) => encodeArguments([value]))).size).toBe(alike.length);
  });

  it('refuses data that is nested too deeply, before the stack overflows', () => {
    const nest = (depth: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < depth; level++) value = [value];
      return value;
    };

    expect(encodeArguments([nest(100)])).toContain('1');
    for (const depth of [101, 100_000]) {
      expect(() => encodeArguments([nest(depth)])).toThrow(
        new UnencodableError('data nested deeper than 100'),
      );
    }
  });

  it('refuses an object that contains itself, but not one that appears twice', () => {
    const twin = { a: 1 };
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;

    expect(encodeArguments([[twin, twin]])).toBe('[{"a":1},{"a":1}]');
    expect(() => encodeArguments([cyclic])).toThrow('contains itself');
  });
});
