/**
 * Permits as people read them: to the hundredth, and never one that is not there. Ten times a tenth is a
 * little less than one.
 */
export function shownPermits(permits: number): number {
  return Math.max(0, Math.floor(permits * 100 + 1e-6) / 100);
}
