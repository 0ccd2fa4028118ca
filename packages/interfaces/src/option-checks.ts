/**
 * Checks for options, run once when they come in. Each answers the value it was given, or its
 * default for `undefined`, and throws an error that names the option, what was expected and what
 * came. They live here because every package must say the same thing in the same words.
 */

import { isThenable } from './is-thenable.ts';

/** What a numeric option may be. */
export interface NumberRange {
  /** The smallest value allowed. @defaultValue `-Infinity` */
  readonly min?: number | undefined;
  /** The largest value allowed. @defaultValue `Infinity` */
  readonly max?: number | undefined;
  /** A value that must be exceeded, such as 0 for a rate. */
  readonly above?: number | undefined;
  /** Only whole numbers; `Infinity` still counts when `max` allows it. @defaultValue `false` */
  readonly integer?: boolean | undefined;
}

const longestText = 100;

/** How an option's value appears in an error message. A long text is cut short. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > longestText ? `${value.slice(0, longestText)}…` : value);
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (isThenable(value as unknown)) return 'a promise';
  return typeof (value as Partial<AbortSignal>).aborted === 'boolean'
    ? 'an AbortSignal'
    : 'an object';
}

function describeRange(range: NumberRange): string {
  const kind = range.integer ? 'a whole number' : 'a number';
  const bounds = [
    range.above === undefined ? undefined : `above ${range.above}`,
    range.min === undefined ? undefined : `of at least ${range.min}`,
    range.max === undefined ? undefined : `of at most ${range.max}`,
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? kind : `${kind} ${bounds.join(' and ')}`;
}

/**
 * A number within `range`. `NaN` never is.
 *
 * @param fallback - what `undefined` stands for; without it the option must be given
 * @throws TypeError when `value` is no number
 * @throws RangeError when it lies outside `range`
 */
export function numberOption(
  name: string,
  value: number | undefined,
  fallback: number | undefined,
  range: NumberRange = {},
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be ${describeRange(range)}, got ${describeValue(value)}`);
  }
  const inside =
    value >= (range.min ?? -Infinity) &&
    value <= (range.max ?? Infinity) &&
    (range.above === undefined || value > range.above) &&
    (!range.integer || Number.isInteger(value) || value === Infinity);
  if (!inside) throw new RangeError(`${name} must be ${describeRange(range)}, got ${value}`);
  return value;
}

/**
 * One of the strings in `allowed`.
 *
 * @throws TypeError when it is another
 */
export function choiceOption<T extends string>(
  name: string,
  value: T | undefined,
  fallback: T,
  allowed: readonly T[],
): T {
  if (value === undefined) return fallback;
  if (!allowed.includes(value)) {
    const list = allowed.map((choice) => `"${choice}"`).join(', ');
    throw new TypeError(`${name} must be one of ${list}, got ${describeValue(value)}`);
  }
  return value;
}

/**
 * A string that is not empty.
 *
 * @throws TypeError when it is empty or no string
 */
export function textOption(name: string, value: string | undefined, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${name} must be a string that is not empty, got ${describeValue(value)}`);
  }
  return value;
}

/**
 * `true` or `false`. Nothing else counts as one of them: the text `'false'`, as an environment has it, would be true.
 *
 * @throws TypeError when it is something else
 */
export function booleanOption(
  name: string,
  value: boolean | undefined,
  fallback: boolean,
): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') {
    throw new TypeError(`${name} must be true or false, got ${describeValue(value)}`);
  }
  return value;
}

/**
 * A function. Without `fallback` it may be left out.
 *
 * @throws TypeError when it is something else
 */
export function functionOption<T>(name: string, value: T | undefined, fallback: T): T;
export function functionOption<T>(name: string, value: T | undefined): T | undefined;
export function functionOption<T>(name: string, value: T | undefined, fallback?: T): T | undefined {
  if (value === undefined) return fallback;
  if (typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${describeValue(value)}`);
  }
  return value;
}

/**
 * An object that holds options. Elsewhere the argument is often the one value itself, and would be
 * overlooked here.
 *
 * @param example - an object as it is written, such as `{ ttlMs }`
 * @throws TypeError when `value` is no object
 */
export function objectOption<T extends object>(name: string, value: T, example: string): T {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `${name} must be an object such as ${example}, got ${describeValue(value)}`,
    );
  }
  return value;
}
