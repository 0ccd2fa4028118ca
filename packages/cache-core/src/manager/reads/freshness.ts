import type { Entry } from '@x/interfaces';

/** An entry created more than this in the future tells that the clock went back. */
const clockToleranceMs = 60_000;

/** What decides about an early refresh. */
export interface EarlyRefresh {
  readonly refreshAfterRatio: number;
  readonly xfetchBeta: number;
}

/** Milliseconds for which `entry` has been stale; negative while it is fresh. */
export function staleForMs(entry: Entry, now: number): number {
  if (entry.createdAt > now + clockToleranceMs) return 0;
  return entry.staleAt === undefined ? -Infinity : now - entry.staleAt;
}

/** Whether `entry` is fresh at `now`. */
export function isFresh(entry: Entry, now: number): boolean {
  return staleForMs(entry, now) < 0;
}

/** Whether a fresh `entry` is to be refreshed already, by its age or by the dice of XFetch. */
export function isDue(
  entry: Entry,
  now: number,
  early: EarlyRefresh,
  random: () => number,
): boolean {
  const { staleAt, createdAt, loadMs } = entry;
  if (staleAt === undefined) return false;
  const { refreshAfterRatio, xfetchBeta } = early;
  if (refreshAfterRatio < 1 && now >= createdAt + (staleAt - createdAt) * refreshAfterRatio) {
    return true;
  }
  if (xfetchBeta === 0 || loadMs === undefined) return false;
  return now - loadMs * xfetchBeta * Math.log(random()) >= staleAt;
}
