import { types } from 'node:util';

/** A value of a kind that cannot be kept. */
export interface Unkeepable {
  /** What it is, with its article. */
  readonly what: string;
  /** What to keep in its place. */
  readonly instead?: string | undefined;
}

/** What `value` is, when it is of a kind whose content nobody can read or give back. */
export function unkeepable(value: object): string | undefined {
  if (types.isPromise(value)) return 'a Promise';
  if (types.isWeakMap(value)) return 'a WeakMap';
  if (types.isWeakSet(value)) return 'a WeakSet';
  if (value instanceof WeakRef) return 'a WeakRef';
  if (types.isSharedArrayBuffer(value)) return 'a SharedArrayBuffer';
  if (types.isGeneratorObject(value)) return 'a generator';
  if (types.isMapIterator(value) || types.isSetIterator(value)) return 'an iterator';
  if (types.isExternal(value)) return 'a native pointer';
  if (types.isSymbolObject(value)) return 'a symbol';
  return undefined;
}

/** Objects of the platform that show nothing of their content, and what to keep instead. */
const platformObjects: ReadonlyMap<string, string | undefined> = new Map([
  ['Blob', 'await blob.bytes()'],
  ['File', 'await file.bytes()'],
  ['FormData', '[...formData]'],
  ['Headers', 'Object.fromEntries(headers)'],
  ['URLSearchParams', 'params.toString()'],
  ['AbortController', undefined],
  ['AbortSignal', undefined],
  ['BroadcastChannel', undefined],
  ['CryptoKey', undefined],
  ['EventTarget', undefined],
  ['FinalizationRegistry', undefined],
  ['MessagePort', undefined],
  ['ReadableStream', undefined],
  ['TransformStream', undefined],
  ['WebSocket', undefined],
  ['WritableStream', undefined],
]);

/**
 * What `value`, an instance of a class, is when it stands for something outside of it, so that its fields
 * say nothing: a response, a stream, an object of the platform. Told by what it can do and by its tag,
 * which hold for other realms and other implementations.
 */
export function unkeepableInstance(value: object): Unkeepable | undefined {
  if (can(value, 'json') && can(value, 'text') && 'headers' in value) {
    const name = className(value, 'Response');
    const isRequest = name.endsWith('Request');
    return { what: `a ${name}`, instead: `await ${isRequest ? 'request' : 'response'}.json()` };
  }
  if (can(value, 'pipe') && can(value, 'on'))
    return { what: `a stream (${className(value, '?')})` };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (!platformObjects.has(tag)) return undefined;
  return { what: `${/^[AE]/.test(tag) ? 'an' : 'a'} ${tag}`, instead: platformObjects.get(tag) };
}

function can(value: object, method: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>>)[method] === 'function';
}

function className(value: object, otherwise: string): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== ''
    ? constructor.name
    : otherwise;
}
