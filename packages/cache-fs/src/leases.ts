import type { StoreLease } from '@x/interfaces';
import type { EntryFolder } from './entries/entry-folder.ts';
import type { LeaseRecord } from './journal/journal-record.ts';

/** Leases of one store, kept in the journal, where all processes find the same one to hold a lease. */
export class Leases {
  readonly #folder: EntryFolder;
  readonly #held = new Set<FileLease>();
  #isClosed = false;

  constructor(folder: EntryFolder) {
    this.#folder = folder;
  }

  /** @throws StoreWriteError when the journal cannot be written */
  async take(key: string, ttlMs: number): Promise<StoreLease | undefined> {
    const lease = new FileLease(this, key, this.#folder.journal.nextNumber());
    if (!(await this.append(lease, 'take', ttlMs))) return undefined;
    this.#held.add(lease);
    return lease;
  }

  /** Whether the record counted. */
  async append(lease: FileLease, type: LeaseRecord['type'], ttlMs: number): Promise<boolean> {
    if (this.#isClosed) return false;
    const now = this.#folder.settings.clock.now();
    const deadline = now + ttlMs;
    const { key, number } = lease;
    const [outcome] = await this.#folder.access.append([
      { type, key, lease: number, now, deadline },
    ]);
    const isApplied = outcome?.isApplied ?? false;
    if (type === 'release') this.#held.delete(lease);
    else if (isApplied) lease.deadline = deadline;
    return isApplied;
  }

  /** Gives every lease of this store back. */
  async close(): Promise<void> {
    // Should it fail, the leases end at their deadlines.
    await Promise.allSettled(Array.from(this.#held, (lease) => lease.release()));
    this.#isClosed = true;
  }
}

class FileLease implements StoreLease {
  readonly #leases: Leases;
  readonly key: string;
  readonly number: number;
  deadline = 0;
  #isReleased = false;

  constructor(leases: Leases, key: string, number: number) {
    this.#leases = leases;
    this.key = key;
    this.number = number;
  }

  async renew(ttlMs: number): Promise<boolean> {
    return !this.#isReleased && this.#leases.append(this, 'renew', ttlMs);
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#leases.append(this, 'release', 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}
