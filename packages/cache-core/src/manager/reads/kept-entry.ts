import type { Clock, Entry } from '@x/interfaces';

/** How an entry is kept. */
export interface EntryTimes {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly tags?: readonly string[] | undefined;
  readonly loadMs?: number | undefined;
}

/**
 * An entry that remembers the promise by which it was handed out: awaiting the same one again costs
 * half of what a new one for each hit would.
 */
export class KeptEntry implements Entry {
  readonly value: unknown;
  readonly createdAt: number;
  readonly staleAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly loadMs: number | undefined;
  readonly outcome: 'value' | 'error' | undefined;
  // Private, so that whoever copies or compares entries does not see it.
  #answer: Promise<unknown> | undefined;
  /** Whether it is a value that is fresh until it expires. */
  readonly #isPlain: boolean;

  constructor(entry: Entry, expiresAt: number | undefined) {
    this.value = entry.value;
    this.createdAt = entry.createdAt;
    this.staleAt = entry.staleAt;
    this.expiresAt = expiresAt;
    this.tags = entry.tags;
    this.loadMs = entry.loadMs;
    this.outcome = entry.outcome;
    this.#answer = undefined;
    this.#isPlain = entry.outcome !== 'error' && isFreshToTheEnd(entry.staleAt, expiresAt);
  }

  /**
   * The value of what a store that keeps time has just answered, if that is an entry which needs no
   * look at the clock: no store answers an entry past its `expiresAt`.
   */
  static plainAnswer(found: Entry | Promise<unknown>): Promise<unknown> | undefined {
    if (!(#answer in found) || !found.#isPlain) return undefined;
    return (found.#answer ??= Promise.resolve(found.value));
  }
}

function isFreshToTheEnd(staleAt: number | undefined, expiresAt: number | undefined): boolean {
  return staleAt === undefined || (expiresAt !== undefined && staleAt >= expiresAt);
}

/** An entry of `value` that begins now and is dropped when no stale window of its writer is left. */
export function makeEntry(
  value: unknown,
  now: number,
  times: EntryTimes,
  outcome?: 'error',
): Entry {
  const { ttlMs, staleWhileRevalidateMs, staleIfErrorMs, tags, loadMs } = times;
  const staleAt = ttlMs === Infinity ? undefined : now + ttlMs;
  const windowMs = Math.max(staleWhileRevalidateMs, staleIfErrorMs);
  const expiresAt = staleAt === undefined || windowMs === Infinity ? undefined : staleAt + windowMs;
  return new KeptEntry({ value, createdAt: now, staleAt, tags, loadMs, outcome }, expiresAt);
}

/** `entry` as a tier keeps it that holds nothing for longer than `ttlMs`. */
export function entryFor(entry: Entry, clock: Clock, ttlMs: number): Entry {
  const { expiresAt } = entry;
  const end = ttlMs === Infinity ? Infinity : clock.now() + ttlMs;
  const isShortened = end < (expiresAt ?? Infinity);
  if (!isShortened && entry instanceof KeptEntry) return entry;
  return new KeptEntry(entry, isShortened ? end : expiresAt);
}
