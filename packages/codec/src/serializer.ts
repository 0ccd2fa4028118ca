import { describeValue } from '@x/interfaces';

/** A way of your own to turn values into bytes and back, such as MessagePack. */
export interface Serializer {
  /** @throws anything for a value that it cannot keep */
  serialize(value: unknown): Uint8Array;
  /** The value in bytes that {@link Serializer.serialize} answered, in memory of their own. */
  deserialize(bytes: Uint8Array): unknown;
}

/** @throws TypeError when it is none */
export function checkSerializer(serializer: Serializer | undefined): Serializer | undefined {
  if (serializer === undefined) return undefined;
  const { serialize, deserialize } = serializer as Partial<Record<keyof Serializer, unknown>>;
  if (typeof serialize === 'function' && typeof deserialize === 'function') return serializer;
  throw new TypeError('serializer must have the methods serialize and deserialize');
}

/** @throws TypeError when the serializer answers anything but bytes */
export function customBytes(value: unknown, serializer: Serializer): Uint8Array {
  const bytes: unknown = serializer.serialize(value);
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`serializer.serialize must answer a Uint8Array, got ${describeValue(bytes)}`);
}
