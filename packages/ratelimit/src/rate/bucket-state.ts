import { type Clock, numberOption, objectOption } from '@x/interfaces';
import type { Gcra } from './gcra.ts';

/** How a bucket stands, as plain JSON. */
export interface TokenBucketState {
  /** Permits at `atMs`, with their fraction; below 0 when there was a debt. */
  readonly permits: number;
  /** When that was, in epoch milliseconds. */
  readonly atMs: number;
  /** Epoch milliseconds until which it is paused, if it is; `permits` are those at the end then. */
  readonly pausedUntilMs?: number | undefined;
}

/** Where the times of a bucket differ from those of the clock, as they do while it warms up. */
export interface BucketTime {
  inBucketTime(realTime: number): number;
  inRealTime(bucketTime: number): number;
}

const plainTime: BucketTime = { inBucketTime: (time) => time, inRealTime: (time) => time };

export function dumpBucket(
  bucket: Gcra,
  clock: Clock,
  time: BucketTime = plainTime,
): TokenBucketState {
  const now = clock.monotonic();
  const atMs = clock.now();
  const bucketNow = time.inBucketTime(now);
  const { permits, at } = bucket.read(bucketNow);
  if (at <= bucketNow) return { permits, atMs };
  // JSON has no Infinity.
  const pausedUntilMs = Math.min(atMs + time.inRealTime(at) - now, Number.MAX_SAFE_INTEGER);
  return { permits, atMs, pausedUntilMs };
}

/** A state that was checked, from which a bucket can be set. */
export interface CheckedState {
  readonly permits: number;
  /** For how many milliseconds `permits` have been there; below 0 for a pause that is not over. */
  readonly ageMs: number;
}

/**
 * A state from the future, as after a step of the wall clock, counts as of now.
 *
 * @throws TypeError or RangeError when a field is no number or `NaN`
 */
export function checkState(state: TokenBucketState, clock: Clock): CheckedState {
  objectOption('state', state, '{ permits, atMs }');
  const epochNow = clock.now();
  const permits = numberOption('permits', state.permits, undefined);
  const at = Math.min(numberOption('atMs', state.atMs, undefined), epochNow);
  const pausedUntil = numberOption('pausedUntilMs', state.pausedUntilMs, -Infinity);
  return { permits, ageMs: epochNow - Math.max(at, pausedUntil) };
}

export function loadBucket(
  bucket: Gcra,
  { permits, ageMs }: CheckedState,
  now: number,
  time: BucketTime = plainTime,
): void {
  bucket.write({ permits, at: time.inBucketTime(now - ageMs) });
}
