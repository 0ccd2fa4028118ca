import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Codec, type Compression, createCodec } from '../src/index.ts';
import { anyValue } from './values.ts';
import { loadFflate } from '../src/fflate.ts';

beforeAll(loadFflate);

const compressions: readonly Compression[] = ['none', 'deflate', 'zstd', 'brotli', 'fflate'];

const roundTrip = (value: unknown, codec: Codec = createCodec()): unknown =>
  codec.decode(codec.encode(value));

describe('Codec.encode and decode', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['minus zero', -0],
    ['NaN', NaN],
    ['infinity', -Infinity],
    ['a bigint', 10n ** 40n],
    ['an empty string', ''],
    ['a lone surrogate', 'a\ud800b'],
    ['a NUL', 'a\0b'],
    ['a date', new Date(5)],
    ['an invalid date', new Date(NaN)],
    ['a regular expression', /a+/giu],
    ['a map in a set', new Set([new Map([[{ a: 1 }, [2]]])])],
    ['undefined in an object', { a: undefined }],
    ['minus zero in an array', [0, -0]],
    ['holes', Array.from({ length: 3 }).fill(1, 1, 2)],
    ['a key named __proto__', JSON.parse('{"__proto__":{"x":1},"a":[]}')],
    [
      'a key named __proto__ beside undefined',
      { ...JSON.parse('{"a":1}'), ['__proto__']: [undefined] },
    ],
    ['an array buffer', new Uint8Array([1, 2, 3]).buffer],
    ['floats', new Float64Array([1.5, -0])],
    ['big integers', new BigUint64Array([2n ** 63n])],
    ['a data view of a part', new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)],
    ['nested bytes', { a: new Uint8Array([1]), b: [Buffer.from('b')] }],
  ])('keeps %s', (_name, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
    expect(createCodec().decodeText(createCodec().encodeText(value))).toStrictEqual(value);
  });

  it('tells bytes and buffers apart, also inside of objects', () => {
    const found = [roundTrip(new Uint8Array([1])), roundTrip(Buffer.from([1]))];
    const nested = roundTrip([new Uint8Array([1]), Buffer.from([1])]) as unknown[];

    expect([...found, ...nested].map((bytes) => Buffer.isBuffer(bytes))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('keeps cycles and shared objects', () => {
    const shared = { n: 1 };
    const value: { self?: unknown; pair: unknown[] } = { pair: [shared, shared] };
    value.self = value;

    const found = roundTrip(value) as typeof value;

    expect(found.self).toBe(found);
    expect(found.pair[0]).toBe(found.pair[1]);
    const pair = roundTrip([shared, shared]) as unknown[];
    expect(pair[0]).toBe(pair[1]);
  });

  it('keeps an object that is shared among many others', () => {
    const shared = { n: 1 };
    const others = Array.from({ length: 100 }, (_, n) => ({ n }));

    const found = roundTrip([shared, ...others, shared]) as unknown[];

    expect(found.at(-1)).toBe(found[0]);
    expect(new Set(found).size).toBe(101);
  });

  it('does not let a hidden toJSON of plain objects and lists speak for them', () => {
    const hide = (value: object): object =>
      Object.defineProperty(value, 'toJSON', { value: () => 'something else' });

    expect(roundTrip(hide({ a: 1 }))).toStrictEqual({ a: 1 });
    expect(roundTrip([hide([1])])).toStrictEqual([[1]]);
    expect(roundTrip({ a: hide(Object.create(null) as object) })).toStrictEqual({ a: {} });
  });

  it('encodes a graph whose members are shared many times over without unfolding it', () => {
    let value: unknown = [1];
    for (let level = 0; level < 60; level++) value = [value, value];

    expect(createCodec().encode(value).length).toBeLessThan(2_000);
  });

  it('gives back memory of its own', () => {
    for (const value of [
      new Uint8Array([1, 2]),
      Buffer.from([1, 2]),
      { a: new Uint8Array([1, 2]) },
      [Buffer.from([1, 2])],
    ]) {
      const codec = createCodec();
      const frame = codec.encode(value);
      const found = codec.decode(frame);
      frame.fill(0);

      expect(found).toStrictEqual(value);
    }
    expect((roundTrip([new Float64Array([1])]) as [Float64Array])[0].buffer.byteLength).toBe(8);
  });

  it('does not see changes made to a value after encoding', () => {
    const codec = createCodec();
    const value = { bytes: new Uint8Array([1]), list: [undefined] };
    const frame = codec.encode(value);
    value.bytes[0] = 9;
    value.list.push(undefined);

    expect(codec.decode(frame)).toStrictEqual({ bytes: new Uint8Array([1]), list: [undefined] });
  });

  it('turns instances of classes into plain data', () => {
    class Point {
      readonly x = 1;
      readonly missing = undefined;
      get length(): number {
        return 1;
      }
    }

    expect(roundTrip(new Point())).toStrictEqual({ x: 1, missing: undefined });
    class Page {
      readonly headers = { a: 'b' };
      readonly text = 'no method';
      toJSON(): unknown {
        return { ...this };
      }
      json(): void {}
    }
    expect(roundTrip(new Page())).toStrictEqual({ headers: { a: 'b' }, text: 'no method' });
    expect(roundTrip({ url: new URL('http://127.0.0.1/a') })).toStrictEqual({
      url: 'http://127.0.0.1/a',
    });
  });

  it.each(compressions)('gives any value back as it was, with %s', (compression) => {
    const codec = createCodec({ compression, compressionThresholdBytes: 0 });

    fc.assert(
      fc.property(anyValue, (value) => {
        const expected = structuredCloneOf(value);
        expect(isDeepStrictEqual(codec.decode(codec.encode(value)), expected)).toBe(true);
        expect(isDeepStrictEqual(codec.decodeText(codec.encodeText(value)), expected)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** What `value` looks like once it has been kept: the same, with ordinary prototypes and buffers. */
function structuredCloneOf(value: unknown): unknown {
  return Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value);
}

describe('Codec.encode refuses', () => {
  it.each([
    [{ a: [0, 1, { b: () => 1 }] }, 'value.a[2].b is a function'],
    [{ 'a b': Symbol('x') }, 'value["a b"] is a symbol'],
    [new Map([['k', { f: Math.max }]]), 'value.get("k").f is a function'],
    [new Set([Symbol.iterator]), 'value (a member of the Set) is a symbol'],
    [[undefined, Promise.resolve()], 'value[1] is a Promise'],
    [{ w: new WeakMap() }, 'value.w is a WeakMap'],
    [{ e: Object.assign(new Error('x'), { retry: () => 1 }) }, 'value.e.retry is a function'],
    [() => 1, 'value is a function'],
  ])('what cannot be kept, naming its place (%#)', (value, message) => {
    expect(() => createCodec().encode(value)).toThrow(TypeError);
    expect(() => createCodec().encode(value)).toThrow(message);
    expect(() => createCodec().encodeText(value)).toThrow(message);
  });

  it.each([
    [
      { r: new Response('{}') },
      'value.r is a Response and cannot be kept; keep await response.json()',
    ],
    [new Request('http://127.0.0.1'), 'value is a Request and cannot be kept; keep await request'],
    [
      [new Headers({ a: 'b' })],
      'value[0] is a Headers and cannot be kept; keep Object.fromEntries',
    ],
    [new Blob(['a']), 'value is a Blob and cannot be kept; keep await blob.bytes() instead'],
    [new FormData(), 'value is a FormData'],
    [{ query: new URLSearchParams('a=b') }, 'value.query is a URLSearchParams'],
    [new ReadableStream(), 'value is a ReadableStream'],
    [{ signal: new AbortController().signal }, 'value.signal is an AbortSignal'],
    [{ body: Readable.from(['a']) }, 'value.body is a stream (Readable)'],
    [new Socket(), 'value is a stream (Socket)'],
    [runInNewContext('new (class Response { headers = 1; json() {} text() {} })'), 'a Response'],
  ])('what stands for something outside of it, saying what to keep (%#)', (value, message) => {
    expect(() => createCodec().encode(value)).toThrow(TypeError);
    expect(() => createCodec().encodeText(value)).toThrow(message);
  });

  it('values that are nested too deep', () => {
    let value: unknown = 1;
    for (let level = 0; level < 100_000; level++) value = [value];

    expect(() => createCodec().encode(value)).toThrow('nested more than 1000 levels');
    let fine: unknown = 1;
    for (let level = 0; level < 1_000; level++) fine = { a: fine };
    expect(isDeepStrictEqual(roundTrip(fine), fine)).toBe(true);
  });

  it.each([
    ['a string', 'x'.repeat(1_001)],
    ['bytes', new Uint8Array(1_001)],
    ['JSON', ['x'.repeat(998)]],
    ['text that grows in UTF-8', 'ä'.repeat(501)],
    ['text that grows by escapes', ['\n'.repeat(500)]],
    ['structured data', [undefined, 'x'.repeat(1_000)]],
    ['many members', Array.from({ length: 1_000 }, () => 1)],
  ])('%s above maxEntryBytes', (_name, value) => {
    const codec = createCodec({ maxEntryBytes: 1_000 });

    expect(() => codec.encode(value)).toThrow(
      expect.objectContaining({ code: 'ERR_ENTRY_TOO_LARGE', maxEntryBytes: 1_000 }),
    );
    expect(() => codec.encodeText(value)).toThrow(
      expect.objectContaining({ code: 'ERR_ENTRY_TOO_LARGE' }),
    );
  });

  it.each([
    ['one byte', 'x', 998],
    ['two bytes', 'é', 499],
    ['three bytes', '€', 332],
    ['four bytes', '😀', 249],
  ])('text by its bytes, in units of %s', (_name, unit, most) => {
    const codec = createCodec({ maxEntryBytes: 1_000 });

    expect(codec.encodeText(unit.repeat(most))).toBe(`"${unit.repeat(most)}"`);
    expect(() => codec.encodeText(unit.repeat(most + 1))).toThrow('1000 bytes');
  });

  it('a large value before it serialises it', () => {
    let read = 0;
    const endless = Array.from({ length: 1_000 }, () => ({
      get text(): string {
        read++;
        return 'x'.repeat(100);
      },
    }));

    expect(() => createCodec({ maxEntryBytes: 1_000 }).encode(endless)).toThrow('1000 bytes');
    expect(read).toBeLessThan(20);
  });

  it('wrong options', () => {
    expect(() => createCodec({ compression: 'gzip' as never })).toThrow(
      'compression must be one of',
    );
    expect(() => createCodec({ maxEntryBytes: 0 })).toThrow(
      'maxEntryBytes must be a number above 0',
    );
    expect(() => createCodec({ compressionThresholdBytes: -1 })).toThrow(RangeError);
  });
});

describe('Codec.encode compresses', () => {
  const text = 'a line of a log file that says the same again\n'.repeat(200);
  const sizeOf = (value: unknown, options: Parameters<typeof createCodec>[0]): number =>
    createCodec(options).encode(value).length;

  it.each(['deflate', 'zstd', 'brotli', 'fflate'] as const)(
    'what gets smaller, by %s',
    (compression) => {
      expect(sizeOf(text, { compression })).toBeLessThan(text.length / 10);
      expect(sizeOf({ text, more: undefined }, { compression })).toBeLessThan(text.length / 10);
    },
  );

  it('nothing below the threshold', () => {
    const short = 'a'.repeat(1_023);

    expect(sizeOf(short, { compression: 'zstd' })).toBeGreaterThan(1_023);
    expect(sizeOf(`${short}a`, { compression: 'zstd' })).toBeLessThan(200);
    expect(sizeOf(short, { compression: 'zstd', compressionThresholdBytes: 10 })).toBeLessThan(200);
  });

  it('nothing that would save less than a tenth', () => {
    let seed = 1;
    const noise = Uint8Array.from(
      { length: 4_000 },
      () => (seed = (seed * 48_271) % 2_147_483_647),
    );

    expect(sizeOf(noise, { compression: 'deflate' })).toBe(4_012);
  });

  it('so that any codec reads the frames of any other', () => {
    for (const writer of compressions) {
      const frame = createCodec({ compression: writer }).encode({ text });
      for (const reader of compressions) {
        expect(createCodec({ compression: reader }).decode(frame)).toEqual({ text });
      }
    }
  });

  it('JSON text into a frame, and leaves short text as it is', () => {
    const codec = createCodec({ compression: 'zstd' });

    expect(codec.encodeText({ a: 1 })).toBe('{"a":1}');
    expect(codec.encodeText({ text })).toBeInstanceOf(Uint8Array);
    expect(codec.decodeText(codec.encodeText({ text }))).toEqual({ text });
  });
});

describe('Codec.decode refuses', () => {
  const invalid = expect.objectContaining({ code: 'ERR_INVALID_FRAME' });

  it.each(compressions)('any frame with a flipped bit, with %s', (compression) => {
    const codec = createCodec({ compression, compressionThresholdBytes: 0 });

    fc.assert(
      fc.property(anyValue, fc.nat(), (value, position) => {
        const frame = codec.encode(value);
        const bit = position % (frame.length * 8);
        frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => codec.decode(frame)).toThrow(invalid);
      }),
      { numRuns: 200 },
    );
  });

  it('every single bit flip of one frame', () => {
    const codec = createCodec();
    const frame = codec.encode([undefined, { a: 'text' }]);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const damaged = Uint8Array.from(frame);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => codec.decode(damaged)).toThrow(invalid);
    }
  });

  it('what is no bytes, by name', () => {
    expect(() => createCodec().decode('abc' as never)).toThrow(
      new TypeError('the frame must be a Uint8Array, got "abc"'),
    );
    expect(() => createCodec().decode(undefined as never)).toThrow(
      new TypeError('the frame must be a Uint8Array, got undefined'),
    );
  });

  it('frames that are cut short or have a tail', () => {
    for (const compression of compressions) {
      const codec = createCodec({ compression, compressionThresholdBytes: 0 });
      const frame = codec.encode({ text: 'again and again and again and again and again' });
      for (let length = 0; length < frame.length; length++) {
        expect(() => codec.decode(frame.subarray(0, length))).toThrow(invalid);
      }
      expect(() => codec.decode(Buffer.concat([frame, Buffer.from([0])]))).toThrow(invalid);
    }
  });

  it('foreign bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => createCodec().decode(bytes)).toThrow(invalid);
      }),
    );
  });

  it('frames that lie about their length under a right checksum', () => {
    for (const compression of compressions) {
      const codec = createCodec({ compression, compressionThresholdBytes: 0 });
      const frame = Buffer.from(codec.encode('again and again and again and again and again'));
      for (const length of [0, 44, 46, 1_000_000]) {
        frame.writeUInt32LE(length, 4);
        frame.writeUInt32LE(crc32(frame.subarray(12), crc32(frame.subarray(0, 8))), 8);
        expect(() => codec.decode(frame)).toThrow(invalid);
      }
    }
  });

  it('frames of another version', () => {
    const frame = createCodec().encode(1);
    frame[1] = 2;

    expect(() => createCodec().decode(frame)).toThrow('unknown version 2');
  });

  it.each(compressions)('bodies that grow beyond maxEntryBytes, with %s', (compression) => {
    const bomb = createCodec({ compression }).encode('\0'.repeat(1_000_000));

    expect(() => createCodec({ maxEntryBytes: 10_000, compression }).decode(bomb)).toThrow(invalid);
  });

  it('text that is no JSON or too long', () => {
    expect(() => createCodec().decodeText('{"a":')).toThrow(invalid);
    expect(() => createCodec({ maxEntryBytes: 3 }).decodeText('[1,2]')).toThrow(invalid);
  });
});
