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

  /** Opens a file, which must be closed before anything else is opened. */
  open(path: string, flags: number, mode?: number): number {
    if (this.#descriptor === undefined) this.#take();
    try {
      return openSync(path, flags, mode);
    } catch (error) {
      if (this.#descriptor === undefined || !isExhausted(error)) throw error;
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
      return openSync(path, flags, mode);
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
