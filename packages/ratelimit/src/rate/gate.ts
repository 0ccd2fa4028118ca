/**
 * The arithmetic of a rate limiter: what may be granted when. All times are milliseconds of one
 * monotonic clock; the gate itself reads no clock and sets no timer.
 */
export interface Gate {
  /** The most permits that one request can get. */
  readonly burst: number;
  /** Takes `permits` at `now`, or none. */
  take(permits: number, now: number): boolean;
  /** Like {@link take}, for callers who were due earlier and are served late by a timer. */
  takeLate(permits: number, now: number): boolean;
  /** Whether {@link takeLate} at `now` cannot make up for all the time since it was full. */
  isOverdue(now: number): boolean;
  /** Milliseconds from `now` until `permits` are there; 0 when they are. May exceed the burst. */
  waitMs(permits: number, now: number): number;
  /** Permits there at `now`, with their fraction; below 0 while there is a debt. */
  level(now: number): number;
  /** Takes `permits` whether they are there or not; a negative number gives them back. */
  debit(permits: number, now: number): void;
  /**
   * Leaves exactly one permit at `time` and none before, unless there would be fewer anyway.
   * Answers whether that changed anything.
   */
  pauseUntil(time: number): boolean;
}

/**
 * Absorbs the rounding of floating point sums, in milliseconds. Far below the grain of a timer, and
 * far above the precision of a clock that has run for years.
 */
export const toleranceMs = 1e-4;

/** Whether `ms` is more than `limitMs`, beyond what rounding explains. */
export function exceeds(ms: number, limitMs: number): boolean {
  return ms > limitMs + toleranceMs;
}
