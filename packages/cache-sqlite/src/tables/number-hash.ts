import type { SqlValue } from '../database/driver.ts';

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/**
 * Mixes a number, or `null`, into a 32-bit hash. It costs a few nanoseconds, where the digits of a number
 * in a text cost a hundred. A number of which one half changed always changes the hash.
 *
 * Multiplication and shift as in the finaliser of MurmurHash3 (Appleby, 2011).
 */
export function mixNumber(hash: number, value: SqlValue): number {
  // A damaged row may have a text or bytes where it had a number.
  double[0] = typeof value === 'number' ? value : value === null ? NaN : -Infinity;
  const [low = 0, high = 0] = words;
  const mixed = Math.imul(hash ^ low, 0x85_eb_ca_6b);
  const again = Math.imul(mixed ^ (mixed >>> 13) ^ high, 0xc2_b2_ae_35);
  return again ^ (again >>> 16);
}
