/**
 * Turns arguments into text: equal arguments give equal text, different ones different text. Types
 * are kept apart (`5` and `"5"`, `null` and `undefined`), keys of objects are sorted.
 */

/** An argument that has no faithful text, such as a function or an instance of a class. */
export class UnencodableError extends Error {
  override readonly name: string = 'UnencodableError';
}

/** The text of a whole argument list. */
export function encodeArguments(args: readonly unknown[]): string {
  if (args.length === 1) return encode(args[0], []);
  return args.map((arg) => encode(arg, [])).join(',');
}

/** The text of a string: quoted, and escaped where a quote inside could end it early. */
export function encodeString(text: string): string {
  return /["\\]/.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function encode(value: unknown, parents: object[]): string {
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

function encodeObject(value: object, parents: object[]): string {
  if (parents.includes(value)) throw new UnencodableError('an object that contains itself');
  const inside = [...parents, value];
  const list = (items: Iterable<unknown>): string =>
    Array.from(items, (item) => encode(item, inside)).join(',');

  if (Array.isArray(value)) return `[${list(value)}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof URL) return `URL(${encodeString(value.href)})`;
  if (value instanceof RegExp) return `RegExp(${encodeString(value.source)},${value.flags})`;
  if (value instanceof Map) return `Map(${list(value)})`;
  if (value instanceof Set) return `Set(${list(value)})`;
  if (ArrayBuffer.isView(value)) return encodeBytes(value);

  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new UnencodableError(`an instance of ${value.constructor.name}`);
  }
  const properties = Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, property]) => `${encodeString(key)}:${encode(property, inside)}`);
  return `{${properties.join(',')}}`;
}

function encodeBytes(view: ArrayBufferView): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return `${view.constructor.name}(${bytes.toString('base64')})`;
}
