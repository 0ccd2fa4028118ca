/** Something under way that will write `key` when it ends, unless it was overtaken. */
export interface PendingWrite {
  readonly key: string;
  /** Tags of the entry to come, as far as they are known. */
  readonly tags: readonly string[] | undefined;
  /** `true` while it still reads stores, so that it may yet find an entry with any tags. */
  reading: boolean;
  /** `true` while it only waits for another process, and will read again before it writes. */
  idle: boolean;
  /** An explicit change came after it began: what it has must not be written or handed to newcomers. */
  overtaken: boolean;
}

/** What an explicit change touches. */
export type ChangeScope =
  | { readonly keys: readonly string[]; readonly matches?: undefined }
  | { readonly matches: (write: PendingWrite) => boolean; readonly keys?: undefined };

/**
 * Lets explicit changes win over loads and promotions that began before them. A change overtakes
 * what is pending when it begins. Where a store answers later, a read may still find the old entry
 * until the change has ended: until then nothing is promoted, and at its end it overtakes the reads
 * once more.
 */
export class PendingWrites {
  readonly #byKey = new Map<string, Set<PendingWrite>>();
  readonly #changing = new Map<string, number>();
  #wideChanges = 0;

  begin(key: string, tags?: readonly string[]): PendingWrite {
    const write: PendingWrite = { key, tags, reading: true, idle: false, overtaken: false };
    const writes = this.#byKey.get(key);
    if (writes === undefined) this.#byKey.set(key, new Set([write]));
    else writes.add(write);
    return write;
  }

  end(write: PendingWrite): void {
    const writes = this.#byKey.get(write.key);
    if (writes?.delete(write) && writes.size === 0) this.#byKey.delete(write.key);
  }

  overtake(scope: ChangeScope): void {
    this.#forEach(scope, (write) => {
      write.overtaken = true;
    });
  }

  /** As {@link overtake}, for changes of other processes: what is idle will read what they wrote. */
  overtakeBusy(scope: ChangeScope): void {
    this.#forEach(scope, (write) => {
      if (!write.idle) write.overtaken = true;
    });
  }

  /** `write` is about to be written; what else is pending for its key is older. */
  overtakeOthers(write: PendingWrite): void {
    for (const other of this.#byKey.get(write.key) ?? []) {
      if (other !== write) other.overtaken = true;
    }
  }

  /** Keeps promotions away from what a change touches until it has ended: call the answer then. */
  hold(scope: ChangeScope): () => void {
    this.#count(scope, 1);
    return () => {
      this.#count(scope, -1);
      this.#forEach(scope, (write) => {
        if (write.reading) write.overtaken = true;
      });
    };
  }

  mayPromote(write: PendingWrite): boolean {
    return !write.overtaken && this.#wideChanges === 0 && !this.#changing.has(write.key);
  }

  #forEach(scope: ChangeScope, visit: (write: PendingWrite) => void): void {
    if (this.#byKey.size === 0) return;
    if (scope.keys !== undefined) {
      for (const key of scope.keys) this.#byKey.get(key)?.forEach(visit);
      return;
    }
    for (const writes of this.#byKey.values()) {
      for (const write of writes) if (scope.matches(write)) visit(write);
    }
  }

  #count(scope: ChangeScope, step: 1 | -1): void {
    if (scope.keys === undefined) {
      this.#wideChanges += step;
      return;
    }
    for (const key of scope.keys) {
      const count = (this.#changing.get(key) ?? 0) + step;
      if (count === 0) this.#changing.delete(key);
      else this.#changing.set(key, count);
    }
  }
}
