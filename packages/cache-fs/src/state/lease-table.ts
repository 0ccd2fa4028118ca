import type { LeaseRecord } from '../journal/journal-record.ts';

/** Leases of holders that died are forgotten so long after their deadline. */
const forgetAfterMs = 60_000;
/** A process may wait so long between a look at the clock and its record. */
const longestDelayMs = 5_000;

interface HeldLease {
  readonly by: string;
  readonly lease: number;
  readonly takenAt: number;
  readonly deadline: number;
}

/**
 * Who holds which lease, as every process finds it by the same records. A lease whose deadline is over
 * counts as free, as does one that was taken well in the future: the clock went back since.
 */
export class LeaseTable {
  readonly #held = new Map<string, HeldLease>();

  /** Whether the record counts. */
  apply({ type, key, by, lease, now, deadline }: LeaseRecord): boolean {
    const held = this.#held.get(key);
    const isHeld =
      held !== undefined && held.deadline > now && held.takenAt <= now + longestDelayMs;
    const isOwn = held?.by === by && held.lease === lease;
    if (type === 'release') return isOwn && this.#held.delete(key);
    if (type === 'take' ? isHeld : !isHeld || !isOwn) return false;
    this.#held.set(key, { by, lease, takenAt: now, deadline });
    return true;
  }

  /** Forgets leases of holders that died long ago. */
  forget(now: number): void {
    for (const [key, { deadline }] of this.#held) {
      if (deadline + forgetAfterMs <= now) this.#held.delete(key);
    }
  }

  clear(): void {
    this.#held.clear();
  }

  /** @yields for each lease the record that makes it */
  *records(): Generator<LeaseRecord> {
    for (const [key, { by, lease, takenAt, deadline }] of this.#held) {
      yield { type: 'take', key, by, n: lease, lease, now: takenAt, deadline };
    }
  }
}
