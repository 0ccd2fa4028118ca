import { type Gate, exceeds, toleranceMs } from './gate.ts';

/**
 * Timers tick in milliseconds and fire late, so a full bucket loses permits while those who wait are
 * still asleep. They find up to one permit more than the burst, or as many as accrue in this time where
 * the burst is smaller than that. More would let a stalled process release a flood.
 */
const timerLatenessMs = 2;

/** How a bucket stands, to be kept over a restart. */
export interface GcraLevel {
  /** Permits, with their fraction; below 0 for a debt. */
  readonly permits: number;
  /** The time that this is said of: now, or the end of a pause. */
  readonly at: number;
}

/**
 * The arithmetic of a token bucket, as the generic cell rate algorithm (ITU-T I.371, virtual
 * scheduling): its state is the time at which the bucket is full again. It refills in fractions,
 * without drift and without a timer.
 */
export class Gcra implements Gate {
  #permitsPerSecond = 0;
  #burst = 0;
  #intervalMs = 0;
  #capacityMs = 0;
  #limitMs = 0;
  #slackMs = 0;
  #fullAt = -Infinity;
  #pausedUntil = -Infinity;

  /** @throws RangeError when the bucket would take for ever to fill */
  constructor(permitsPerSecond: number, burst: number) {
    this.#shape(permitsPerSecond, burst);
  }

  get permitsPerSecond(): number {
    return this.#permitsPerSecond;
  }

  get burst(): number {
    return this.#burst;
  }

  /** The time at which it is full again, in the past when it has been full for a while. */
  get fullAt(): number {
    return this.#fullAt;
  }

  /** The time until which it is paused, in the past when it is not. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  canTake(permits: number, now: number): boolean {
    const fullAt = this.#fullAt > now ? this.#fullAt : now;
    return fullAt + permits * this.#intervalMs - now <= this.#limitMs;
  }

  take(permits: number, now: number): boolean {
    const fullAt = (this.#fullAt > now ? this.#fullAt : now) + permits * this.#intervalMs;
    if (fullAt - now > this.#limitMs) return false;
    this.#fullAt = fullAt;
    return true;
  }

  takeLate(permits: number, now: number): boolean {
    if (!this.canTakeLate(permits, now)) return false;
    this.debitLate(permits, now);
    return true;
  }

  canTakeLate(permits: number, now: number): boolean {
    const fullAt = Math.max(this.#fullAt, now - this.#slackMs);
    return fullAt + permits * this.#intervalMs - now <= this.#limitMs;
  }

  debitLate(permits: number, now: number): void {
    this.debit(permits, now - this.#slackMs);
  }

  isOverdue(now: number): boolean {
    return this.#fullAt < now - this.#slackMs;
  }

  waitMs(permits: number, now: number): number {
    const wait = Math.max(this.#fullAt, now) + permits * this.#intervalMs - now - this.#capacityMs;
    return exceeds(wait, 0) ? wait : 0;
  }

  level(now: number): number {
    if (this.#fullAt === Infinity) return 0;
    return (this.#capacityMs - Math.max(0, this.#fullAt - now)) / this.#intervalMs;
  }

  debit(permits: number, now: number): void {
    this.#fullAt = Math.max(this.#fullAt, now) + permits * this.#intervalMs;
    if (this.#pausedUntil > now) this.pauseUntil(this.#pausedUntil);
  }

  pauseUntil(time: number): boolean {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
    const fullAt = time + this.#capacityMs - this.#intervalMs;
    if (fullAt <= this.#fullAt) return false;
    this.#fullAt = fullAt;
    return true;
  }

  /** Goes on from a `fullAt` and a `pausedUntil` of before. */
  resume(fullAt: number, pausedUntil: number): void {
    this.#fullAt = fullAt;
    this.#pausedUntil = pausedUntil;
  }

  /** How it stands at `now`, or will stand at the end of a pause. */
  read(now: number): GcraLevel {
    const at = Math.max(now, this.#pausedUntil);
    return { permits: this.level(at), at };
  }

  /** Lets it stand as `level` says; what is above the burst is lost. */
  write(level: GcraLevel): void {
    const permits = Math.min(level.permits, this.#burst);
    this.#fullAt = level.at + this.#capacityMs - permits * this.#intervalMs;
    this.#pausedUntil = level.at;
  }

  /**
   * Goes on with another rate and burst, with the permits that it has at `now`.
   *
   * @throws RangeError when the bucket would take for ever to fill
   */
  configure(permitsPerSecond: number, burst: number, now: number): void {
    const level = this.read(now);
    this.#shape(permitsPerSecond, burst);
    if (level.at < Infinity) this.write(level);
  }

  #shape(permitsPerSecond: number, burst: number): void {
    const intervalMs = 1_000 / permitsPerSecond;
    const capacityMs = burst * intervalMs;
    if (!Number.isFinite(capacityMs)) {
      throw new RangeError(
        `burst must fill in finite time, got ${burst} at ${permitsPerSecond} permits per second`,
      );
    }
    this.#permitsPerSecond = permitsPerSecond;
    this.#burst = burst;
    this.#intervalMs = intervalMs;
    this.#capacityMs = capacityMs;
    this.#limitMs = capacityMs + toleranceMs;
    this.#slackMs = Math.max(Math.min(intervalMs, timerLatenessMs), timerLatenessMs - capacityMs);
  }
}
