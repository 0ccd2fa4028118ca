import { describeValue, numberOption } from '@x/interfaces';
import { formatBytes, formatString, type ListItem, parseList } from './structured-list.ts';

/** A quota that a server announces in the `RateLimit-Policy` field. */
export interface RateLimitPolicy {
  /** Names the policy; the `RateLimit` field refers to it. */
  readonly name: string;
  /** How much is granted, a whole number. */
  readonly quota: number;
  /** In what time, in milliseconds; whole seconds in the field. */
  readonly windowMs?: number | undefined;
  /** What is counted, such as `requests` or `content-bytes`. @defaultValue `requests` */
  readonly unit?: string | undefined;
  /** Whom or what the quota is for. */
  readonly partitionKey?: Uint8Array | undefined;
}

/** How much of a quota is left, as a server tells in the `RateLimit` field. */
export interface RateLimitStatus {
  /** Name of the policy. */
  readonly name: string;
  /** How much may still be used, a whole number. */
  readonly remaining: number;
  /** When there will be more, in milliseconds from now; whole seconds in the field. */
  readonly resetMs?: number | undefined;
  /** Whom or what the quota is for. */
  readonly partitionKey?: Uint8Array | undefined;
}

/**
 * The value of a `RateLimit-Policy` field, as of draft-ietf-httpapi-ratelimit-headers-11.
 *
 * @throws TypeError when it is no array, or a number is missing
 * @throws RangeError when a number is below 0 or `NaN`
 */
export function formatRateLimitPolicy(policies: readonly RateLimitPolicy[]): string {
  return list('policies', policies)
    .map(
      ({ name, quota, windowMs, unit, partitionKey }) =>
        formatString(name) +
        `;q=${whole('quota', quota)}` +
        (windowMs === undefined ? '' : `;w=${wholeSeconds('windowMs', windowMs)}`) +
        (unit === undefined ? '' : `;qu=${formatString(unit)}`) +
        (partitionKey === undefined ? '' : `;pk=${formatBytes(partitionKey)}`),
    )
    .join(', ');
}

/**
 * The value of a `RateLimit` field, as of draft-ietf-httpapi-ratelimit-headers-11.
 *
 * @throws TypeError when it is no array, or a number is missing
 * @throws RangeError when a number is below 0 or `NaN`
 */
export function formatRateLimit(statuses: readonly RateLimitStatus[]): string {
  return list('statuses', statuses)
    .map(
      ({ name, remaining, resetMs, partitionKey }) =>
        formatString(name) +
        `;r=${whole('remaining', remaining)}` +
        (resetMs === undefined ? '' : `;t=${wholeSeconds('resetMs', resetMs)}`) +
        (partitionKey === undefined ? '' : `;pk=${formatBytes(partitionKey)}`),
    )
    .join(', ');
}

/** Reads a `RateLimit-Policy` field; empty when there is none or it is malformed. Policies without a quota are left out. */
export function parseRateLimitPolicy(text: string | null | undefined): RateLimitPolicy[] {
  return readItems(text, 'q').map(({ value, parameters }) => {
    const unit = parameters.get('qu');
    return {
      name: value,
      quota: parameters.get('q') as number,
      windowMs: milliseconds(parameters.get('w')),
      unit: typeof unit === 'string' ? unit : undefined,
      partitionKey: bytes(parameters.get('pk')),
    };
  });
}

/** Reads a `RateLimit` field; empty when there is none or it is malformed. Entries that say nothing of what remains are left out. */
export function parseRateLimit(text: string | null | undefined): RateLimitStatus[] {
  return readItems(text, 'r').map(({ value, parameters }) => ({
    name: value,
    remaining: parameters.get('r') as number,
    resetMs: milliseconds(parameters.get('t')),
    partitionKey: bytes(parameters.get('pk')),
  }));
}

/**
 * The value of a `Retry-After` field (RFC 9110, 10.2.3): `delayMs` in whole seconds, never less.
 *
 * @throws TypeError when `delayMs` is no number, RangeError when it is below 0 or `NaN`
 */
export function formatRetryAfter(delayMs: number): string {
  return String(wholeSeconds('delayMs', delayMs));
}

function list<T>(name: string, items: readonly T[]): readonly T[] {
  if (Array.isArray(items)) return items;
  throw new TypeError(`${name} must be an array, got ${describeValue(items)}`);
}

/** The largest integer of a structured field. */
const largest = 999_999_999_999_999;

function whole(name: string, value: number): number {
  return Math.min(Math.floor(numberOption(name, value, undefined, { min: 0 })), largest);
}

function wholeSeconds(name: string, ms: number): number {
  return Math.min(Math.ceil(numberOption(name, ms, undefined, { min: 0 }) / 1_000), largest);
}

function readItems(text: string | null | undefined, required: string): ListItem[] {
  if (typeof (text ?? '') !== 'string') {
    throw new TypeError(`the field must be a string, got ${describeValue(text)}`);
  }
  const items = parseList(text ?? '') ?? [];
  return items.filter(({ parameters }) => isCount(parameters.get(required)));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function milliseconds(value: unknown): number | undefined {
  return isCount(value) ? value * 1_000 : undefined;
}

function bytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}
