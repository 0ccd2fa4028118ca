import { numberOption } from '@x/interfaces';

/** Nobody should wait longer for a process that died. */
const longestLeaseMs = 86_400_000;

/**
 * The time of a lease, in milliseconds.
 *
 * @throws TypeError or RangeError unless it is above 0 and at most a day
 */
export function checkLeaseTtl(ttlMs: number): number {
  return numberOption('ttlMs', ttlMs, undefined, { above: 0, max: longestLeaseMs });
}
