import { types } from 'node:util';

/** What V8's format does not keep of an error, or not in every version. */
export interface ErrorRecord {
  /** What V8 serialises in the error's place and gives back as a real error with its identity. */
  readonly error: Error;
  /** Own enumerable properties. */
  readonly own: Record<string, unknown>;
  /** Properties that do not show up in listings: `name`, `cause`, `errors`, an inherited `code`. */
  readonly hidden: Record<string, unknown>;
}

const builtInPrototypes: readonly Error[] = [
  EvalError.prototype,
  RangeError.prototype,
  ReferenceError.prototype,
  SyntaxError.prototype,
  TypeError.prototype,
  URIError.prototype,
];

/** Whether `value` is an error, also one of another realm. */
export function isError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** The bare error and the fields to serialise beside it; the fields' values are still the originals. */
export function splitError(source: Error): ErrorRecord {
  const error = new Error(source.message);
  const prototype = builtInPrototypes.find((candidate) =>
    Object.prototype.isPrototypeOf.call(candidate, source),
  );
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  setHidden(error, 'stack', typeof source.stack === 'string' ? source.stack : '');

  const own: Record<string, unknown> = Object.fromEntries(Object.entries(source));
  const hidden: Record<string, unknown> = {};
  const fields = source as Error & { readonly code?: unknown; readonly errors?: unknown };
  if (fields.name !== error.name && !Object.hasOwn(own, 'name')) hidden['name'] = fields.name;
  if (Object.hasOwn(fields, 'cause') && !Object.hasOwn(own, 'cause'))
    hidden['cause'] = fields.cause;
  if (Object.hasOwn(fields, 'errors') && !Object.hasOwn(own, 'errors')) {
    hidden['errors'] = fields.errors;
  }
  if (fields.code !== undefined && !Object.hasOwn(own, 'code')) hidden['code'] = fields.code;
  return { error, own, hidden };
}

/** Puts the fields of a decoded record back on its error. */
export function restoreError(record: ErrorRecord): void {
  for (const [key, value] of Object.entries(record.hidden)) setHidden(record.error, key, value);
  for (const [key, value] of Object.entries(record.own)) {
    Object.defineProperty(record.error, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
}

function setHidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}
