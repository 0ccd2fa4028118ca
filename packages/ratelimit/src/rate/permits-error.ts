import { describeValue } from '@x/interfaces';

/** What to throw for `permits` that no limiter with this `burst` grants. */
export function permitsError(permits: unknown, burst: number): Error {
  const expected = `permits must be a whole number from 1 to the burst of ${burst}`;
  if (typeof permits === 'number') return new RangeError(`${expected}, got ${permits}`);
  // The permits of a semaphore are one of its options.
  const got = describeValue(permits);
  const hint = got === 'an object' ? '; options come after it: acquire(1, { timeoutMs })' : '';
  return new TypeError(`${expected}, got ${got}${hint}`);
}
