import { describe, expect, it } from 'vitest';
import { createCodec, type Serializer } from '../src/index.ts';

/** Keeps instances of a class, which no other codec does. */
class Money {
  readonly cents: number;

  constructor(cents: number) {
    this.cents = cents;
  }
}

const serializer: Serializer = {
  serialize: (value) => Buffer.from(`${(value as Money).cents}`),
  deserialize: (bytes) => new Money(Number(Buffer.from(bytes).toString())),
};

describe('a codec with a serializer', () => {
  it('keeps what the serializer keeps', () => {
    const codec = createCodec({ serializer });

    expect(codec.decode(codec.encode(new Money(150)))).toEqual(new Money(150));
    expect(codec.decodeText(codec.encodeText(new Money(150)))).toEqual(new Money(150));
  });

  it('compresses, bounds and checks as ever', () => {
    const text: Serializer = {
      serialize: (value) => Buffer.from(String(value)),
      deserialize: (bytes) => Buffer.from(bytes).toString(),
    };
    const codec = createCodec({ serializer: text, compression: 'zstd', maxEntryBytes: 10_000 });
    const frame = codec.encode('x'.repeat(5_000));

    expect(frame.length).toBeLessThan(200);
    expect(codec.decode(frame)).toBe('x'.repeat(5_000));
    expect(() => codec.encode('x'.repeat(10_001))).toThrow('10000');
    const damaged = Uint8Array.from(frame);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(() => codec.decode(damaged)).toThrow('wrong checksum');
  });

  it('reads frames that were made without one, but not the other way round', () => {
    const plain = createCodec();
    const codec = createCodec({ serializer });

    expect(codec.decode(plain.encode({ a: 1 }))).toEqual({ a: 1 });
    expect(() => plain.decode(codec.encode(new Money(1)))).toThrow('written by another serializer');
  });

  it('says that a body cannot be read when the serializer fails', () => {
    const failing: Serializer = {
      serialize: () => new Uint8Array(1),
      deserialize() {
        throw new Error('no');
      },
    };
    const codec = createCodec({ serializer: failing });

    expect(() => codec.decode(codec.encode(1))).toThrow('unreadable body');
  });

  it('refuses what is no serializer, and answers that are no bytes', () => {
    expect(() => createCodec({ serializer: {} as never })).toThrow('serializer must have');
    const wrong = createCodec({ serializer: { ...serializer, serialize: () => 'text' as never } });
    expect(() => wrong.encode(1)).toThrow('must answer a Uint8Array, got');
  });
});
