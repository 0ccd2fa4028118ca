import { EntryTooLargeError } from './entry-too-large-error.ts';

/**
 * Bounds what a value may take before it is serialised: walks spend at least one byte per member
 * and one per UTF-16 unit, which no serialisation undercuts.
 */
export class SizeBudget {
  readonly #maxBytes: number;
  #left: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#left = maxBytes;
  }

  /** @throws EntryTooLargeError when more than the limit was spent in all */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new EntryTooLargeError(this.#maxBytes);
  }
}
