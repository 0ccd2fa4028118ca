/** Permits that were taken ahead of time. */
export interface Reservation {
  /** How many permits were taken. */
  readonly permits: number;
  /** Milliseconds from the reservation until they may be used; 0 when they were there. */
  readonly waitMs: number;
  /** Gives the permits back unused. Cancelling twice counts once. */
  cancel(): void;
}

export function createReservation(
  permits: number,
  waitMs: number,
  refund: () => void,
): Reservation {
  let isCancelled = false;
  return {
    permits,
    waitMs,
    cancel() {
      if (isCancelled) return;
      isCancelled = true;
      refund();
    },
  };
}
