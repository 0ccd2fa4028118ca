import type { Permit } from '@x/interfaces';

/** Where permits are given back to. */
export interface PermitOwner {
  giveBack(permits: number): void;
}

/** One or more permits that give themselves back once. */
export class HeldPermit implements Permit {
  /** How many are held; 0 once they are given back. For who looks at a permit. */
  permits: number;
  readonly #owner: PermitOwner;

  constructor(owner: PermitOwner, permits: number) {
    this.permits = permits;
    this.#owner = owner;
  }

  release(): void {
    const { permits } = this;
    if (permits === 0) return;
    this.permits = 0;
    this.#owner.giveBack(permits);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
