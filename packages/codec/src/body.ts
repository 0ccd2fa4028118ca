import { InvalidFrameError } from './invalid-frame-error.ts';
import { isJsonSafe } from './json-safe.ts';
import { customBytes, type Serializer } from './serializer.ts';
import { SizeBudget } from './size-budget.ts';
import { deserialize, serialize } from './structured.ts';

/** How a body came from its value. The numbers are part of the format. */
export const bodyKinds = {
  text: 0,
  bytes: 1,
  buffer: 2,
  json: 3,
  structured: 4,
  custom: 5,
} as const;

export type BodyKind = (typeof bodyKinds)[keyof typeof bodyKinds];

/** A value as text or bytes, before compression. */
export interface Body {
  readonly kind: BodyKind;
  readonly content: string | Uint8Array;
}

/**
 * The shortest way to keep `value` exactly.
 *
 * @throws TypeError when it holds what cannot be kept
 * @throws EntryTooLargeError when a walk shows that it takes more than `maxBytes`; what it does not
 * show is left to the caller, who knows the length of the body
 */
export function toBody(value: unknown, maxBytes: number): Body {
  // UTF-8 has no lone surrogates; JSON text escapes them.
  if (typeof value === 'string' && value.isWellFormed()) {
    return { kind: bodyKinds.text, content: value };
  }
  if (value instanceof Uint8Array && isBytes(value)) {
    return { kind: Buffer.isBuffer(value) ? bodyKinds.buffer : bodyKinds.bytes, content: value };
  }
  return toJson(value, maxBytes) ?? toStructured(value, maxBytes);
}

/** What the caller's own serializer makes of `value`. */
export function toCustom(value: unknown, serializer: Serializer): Body {
  return { kind: bodyKinds.custom, content: customBytes(value, serializer) };
}

/** The JSON text of `value`, or `undefined` when JSON would change it. */
export function toJson(value: unknown, maxBytes: number): Body | undefined {
  if (!isJsonSafe(value, new SizeBudget(maxBytes))) return undefined;
  return { kind: bodyKinds.json, content: JSON.stringify(value) };
}

function toStructured(value: unknown, maxBytes: number): Body {
  return { kind: bodyKinds.structured, content: serialize(value, new SizeBudget(maxBytes)) };
}

function isBytes(value: Uint8Array): boolean {
  return Buffer.isBuffer(value) || Object.getPrototypeOf(value) === Uint8Array.prototype;
}

/** The value of a body's bytes; shares no memory with them. */
export function fromBody(kind: BodyKind, bytes: Buffer, serializer?: Serializer): unknown {
  switch (kind) {
    case bodyKinds.custom:
      if (serializer === undefined) throw new InvalidFrameError('written by another serializer');
      return serializer.deserialize(new Uint8Array(bytes));
    case bodyKinds.text:
      return bytes.toString('utf8');
    case bodyKinds.bytes:
      return new Uint8Array(bytes);
    case bodyKinds.buffer:
      return Buffer.from(bytes);
    case bodyKinds.json:
      return JSON.parse(bytes.toString('utf8')) as unknown;
    case bodyKinds.structured:
      return deserialize(bytes);
  }
}
