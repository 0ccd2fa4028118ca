/** Permits that were taken ahead of time. */
export class Reservation {
  /** How many permits were taken. */
  readonly permits: number;
  /** Milliseconds from the reservation until they may be used; 0 when they were there. */
  readonly waitMs: number;
  #refund: (() => void) | undefined;

  constructor(permits: number, waitMs: number, refund: () => void) {
    this.permits = permits;
    this.waitMs = waitMs;
    this.#refund = refund;
  }

  /** Gives the permits back unused. Cancelling twice counts once. */
  cancel(): void {
    const refund = this.#refund;
    this.#refund = undefined;
    refund?.();
  }
}
