import type { Permit } from '@x/interfaces';

/** Where permits are given back to. */
export interface PermitOwner {
  giveBack(permits: number): void;
}

/** One or more permits that give themselves back once. */
export class HeldPermit implements Permit {
  readonly #permits: number;
  #owner: PermitOwner | undefined;

  constructor(owner: PermitOwner, permits: number) {
    this.#owner = owner;
    this.#permits = permits;
  }

  release(): void {
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.giveBack(this.#permits);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
