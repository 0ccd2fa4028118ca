import { types } from 'node:util';

/**
 * Turns arguments into text: equal arguments give equal text, different ones different text. Types
 * are kept apart (`5` and `"5"`, `null` and `undefined`), keys of objects are sorted. Plain objects
 * are equal with and without a prototype; bytes count by their type and content.
 */

const maxDepth = 100;

/** Each kind of bytes, by its exact prototype: a subclass may hold more than its bytes. */
const viewNames: ReadonlyMap<unknown, string> = new Map(
  [
    Buffer,
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    Uint32Array,
    Int8Array,
    Int16Array,
    Int32Array,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
    DataView,
  ].map((type) => [type.prototype, type.name]),
);

/** An argument that has no faithful text, such as a function or an instance of a class. */
export class UnencodableError extends Error {
  override readonly name: string = 'UnencodableError';
  /** Which of the arguments it is, from 1. */
  position = 1;
}

/** The text of a whole argument list. */
export function encodeArguments(args: readonly unknown[]): string {
  if (args.length === 1) return encode(args[0], []);
  const texts: string[] = [];
  try {
    for (const arg of args) texts.push(encode(arg, []));
  } catch (error) {
    if (error instanceof UnencodableError) error.position = texts.length + 1;
    throw error;
  }
  return texts.join(',');
}

/** The text of a string: quoted, and escaped where a quote inside could end it early. */
export function encodeString(text: string): string {
  return /["\\]/.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function encode(value: unknown, parents: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return encodeString(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : encodeObject(value, parents);
    case 'function':
    case 'symbol':
      throw new UnencodableError(`a ${typeof value}`);
  }
}

function encodeObject(value: object, parents: readonly object[]): string {
  if (parents.includes(value)) throw new UnencodableError('an object that contains itself');
  if (parents.length === maxDepth) {
    throw new UnencodableError(`data nested deeper than ${maxDepth}`);
  }
  const inside = [...parents, value];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return encodeProperties(value, inside);
  if (Array.isArray(value) && prototype === Array.prototype) return encodeArray(value, inside);
  if (ArrayBuffer.isView(value)) {
    const name = viewNames.get(prototype);
    if (name !== undefined) return encodeBytes(name, value);
  }
  return encodeBuiltIn(value, prototype, inside);
}

function encodeProperties(value: object, parents: readonly object[]): string {
  const keys = Object.keys(value);
  if (Reflect.ownKeys(value).length !== keys.length) {
    throw new UnencodableError('an object with symbol keys or hidden properties');
  }
  const properties = keys
    .sort()
    .map((key) => `${encodeString(key)}:${encode(value[key as never], parents)}`);
  return `{${properties.join(',')}}`;
}

function encodeArray(value: readonly unknown[], parents: readonly object[]): string {
  const keys = Reflect.ownKeys(value);
  // Indices come first, then `length`: in its place it proves that no index is missing.
  if (keys.length !== value.length + 1 || keys[value.length] !== 'length') {
    throw new UnencodableError('an array with holes or properties of its own');
  }
  return `[${encodeItems(value, parents)}]`;
}

function encodeItems(items: Iterable<unknown>, parents: readonly object[]): string {
  return Array.from(items, (item) => encode(item, parents)).join(',');
}

function encodeBytes(name: string, view: ArrayBufferView): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return `${name}(${bytes.toString('base64')})`;
}

function encodeBuiltIn(value: object, prototype: unknown, parents: readonly object[]): string {
  const ownKeys = Reflect.ownKeys(value).length;
  if (ownKeys === 0) {
    if (types.isDate(value) && prototype === Date.prototype) return `Date(${value.getTime()})`;
    if (types.isMap(value) && prototype === Map.prototype) {
      return `Map(${encodeItems(value, parents)})`;
    }
    if (types.isSet(value) && prototype === Set.prototype) {
      return `Set(${encodeItems(value, parents)})`;
    }
    if (prototype === URL.prototype) return `URL(${encodeString(hrefOf(value as URL))})`;
  }
  // The one property of its own is `lastIndex`.
  if (ownKeys === 1 && types.isRegExp(value) && prototype === RegExp.prototype) {
    const lastIndex = value.lastIndex === 0 ? '' : `,${encode(value.lastIndex, parents)}`;
    return `RegExp(${encodeString(value.source)},${value.flags}${lastIndex})`;
  }
  throw new UnencodableError(describeInstance(prototype, ownKeys > 0));
}

function hrefOf(value: URL): string {
  try {
    return value.href;
  } catch {
    throw new UnencodableError('an object that only looks like a URL');
  }
}

function describeInstance(prototype: unknown, hasProperties: boolean): string {
  const { constructor } = prototype as { constructor?: unknown };
  const name: unknown = typeof constructor === 'function' ? constructor.name : undefined;
  const instance = `an instance of ${typeof name === 'string' && name !== '' ? name : 'a class without a name'}`;
  return hasProperties ? `${instance} with properties of its own` : instance;
}
