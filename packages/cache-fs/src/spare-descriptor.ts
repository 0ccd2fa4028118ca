import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isExhausted } from './system-error.ts';

/** Keeps a descriptor in reserve for when the process, or the system, has no more to give. */
export class SpareDescriptor {
  #descriptor: number | undefined;
  #isClosed = false;

  constructor() {
    this.#take();
  }

  /** What `open` answers, which must be closed before anything else is opened. */
  use(open: () => number): number {
    if (this.#descriptor === undefined) this.#take();
    try {
      return open();
    } catch (error) {
      if (this.#descriptor === undefined || !isExhausted(error)) throw error;
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
      return open();
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #take(): void {
    if (this.#isClosed) return;
    try {
      this.#descriptor = openSync(devNull, 'r');
    } catch {
      // Without it the next call does as well as it can.
    }
  }
}
