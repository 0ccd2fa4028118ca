/** Groups of values in ascending order: the mean of each, and how many values it stands for. */
export interface Centroids {
  readonly means: Float64Array;
  readonly weights: Float64Array;
}

/** Each of `values`, which ascend, as a group of its own. */
export function singletons(values: Float64Array): Centroids {
  return { means: values, weights: new Float64Array(values.length).fill(1) };
}

/**
 * The most values that a group of unequal ones may stand for, with `below` values under it and
 * `above` values over it. Small at both ends, so that the error shrinks with the distance to them
 * (Dunning and Ertl, "Computing extremely accurate quantiles using t-digests", 2019). It only grows
 * as values are added, so whatever is heavier than this consists of equal values.
 *
 * @param delta - the share of all values that a group in the middle may stand for
 */
export function largestGroup(below: number, above: number, delta: number): number {
  return (4 * delta * below * above) / (below + above);
}

/** The groups of `a` and `b` in one ascending list. */
export function mergeCentroids(a: Centroids, b: Centroids): Centroids {
  const length = a.means.length + b.means.length;
  const means = new Float64Array(length);
  const weights = new Float64Array(length);
  let nextA = 0;
  let nextB = 0;
  for (let index = 0; index < length; index++) {
    const meanA = a.means[nextA] ?? Infinity;
    const meanB = b.means[nextB] ?? Infinity;
    means[index] = Math.min(meanA, meanB);
    weights[index] = (meanA <= meanB ? a.weights[nextA++] : b.weights[nextB++]) ?? 0;
  }
  return { means, weights };
}

/** Joins neighbours of `points`, which stand for `count` values, as far as their size allows. */
export function clusterCentroids(points: Centroids, count: number, delta: number): Centroids {
  const length = points.means.length;
  const means = new Float64Array(length);
  const weights = new Float64Array(length);
  let last = -1;
  let below = 0;
  for (let index = 0; index < length; index++) {
    const mean = points.means[index] ?? 0;
    const weight = points.weights[index] ?? 0;
    const lastMean = means[last] ?? NaN;
    const lastWeight = weights[last] ?? 0;
    const joined = lastWeight + weight;
    const limit = Math.min(
      largestGroup(below, count - below, delta),
      largestGroup(below + joined, count - below - joined, delta),
    );
    if (mean === lastMean || (last >= 0 && joined <= limit)) {
      means[last] = lastMean + ((mean - lastMean) * weight) / joined;
      weights[last] = joined;
    } else {
      below += lastWeight;
      means[++last] = mean;
      weights[last] = weight;
    }
  }
  return { means: means.slice(0, last + 1), weights: weights.slice(0, last + 1) };
}
