import { describeValue } from '@x/interfaces';

/**
 * Upper bounds of the buckets where none are given: 1, 2.5 and 5 at each power of ten. The unit is
 * that of what is observed; for durations in milliseconds they reach from half a millisecond to a
 * minute.
 */
export const defaultBuckets: readonly number[] = [
  0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/**
 * Bounds that were given, without a last `Infinity`, which every histogram has by itself.
 *
 * @throws TypeError when they are not an array of numbers
 * @throws RangeError when they do not ascend, or one but the last is not finite
 */
export function bucketsOption(
  buckets: readonly number[] | undefined,
  fallback: readonly number[],
): readonly number[] {
  if (buckets === undefined) return fallback;
  if (!Array.isArray(buckets) || buckets.some((bound) => typeof bound !== 'number')) {
    throw new TypeError(`buckets must be an array of numbers, got ${describeValue(buckets)}`);
  }
  const bounds = buckets.at(-1) === Infinity ? buckets.slice(0, -1) : [...buckets];
  const ascends = bounds.every(
    (bound, index) => Number.isFinite(bound) && (index === 0 || bound > (bounds[index - 1] ?? NaN)),
  );
  if (!ascends)
    throw new RangeError(`buckets must ascend and be finite, got ${buckets.join(', ')}`);
  return bounds;
}

/** The place of the first of `bounds` that is at least `value`; their number when there is none. */
export function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
