import type { Clock, Entry } from '@x/interfaces';

/** Keys remembered at most; beyond that the oldest are forgotten, which costs them one early attempt. */
const mostKeys = 10_000;
const mostDoublings = 5;

interface Backoff {
  /** Of the entry that is served meanwhile. */
  readonly createdAt: number;
  readonly failures: number;
  /** By the monotonic clock. */
  readonly until: number;
}

/** After which failures a stale value is served without another attempt, and for how long. */
export class Backoffs {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Backoff>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A load failed while `entry` could be served. */
  failed(key: string, entry: Entry, backoffMs: number): void {
    const last = this.#of(key, entry);
    const failures = (last?.failures ?? 0) + 1;
    const pauseMs = backoffMs * 2 ** Math.min(failures - 1, mostDoublings);
    const until = this.#clock.monotonic() + pauseMs;
    this.#byKey.delete(key);
    this.#byKey.set(key, { createdAt: entry.createdAt, failures, until });
    if (this.#byKey.size <= mostKeys) return;
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest);
      return;
    }
  }

  /** Whether to leave the loader of `key` alone while `entry` is served. */
  holds(key: string, entry: Entry): boolean {
    const last = this.#of(key, entry);
    return last !== undefined && this.#clock.monotonic() < last.until;
  }

  succeeded(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }

  #of(key: string, entry: Entry): Backoff | undefined {
    const last = this.#byKey.get(key);
    return last?.createdAt === entry.createdAt ? last : undefined;
  }
}
