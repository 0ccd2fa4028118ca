import type { ExponentialState } from './exponential-sketch.ts';
import type { TDigestState } from './tdigest-sketch.ts';

/**
 * Estimates the quantiles of the values it saw without keeping them all. The seam for quantile
 * engines: everything else in this package knows sketches by this interface only.
 */
export interface Sketch {
  /** Takes one value in. `NaN` and infinite values are left out. */
  record(value: number): void;
  /** Takes a finite value in whose exponential index, without its sign, is known. */
  recordIndexed(value: number, index: number): void;
  /**
   * The value below or at which a share `q` (0 to 1) of the values lies, by nearest rank: the
   * smallest value with at least `ceil(q × count)` values up to it. `undefined` when there is none.
   *
   * @throws TypeError or RangeError when `q` is no share: 95 is 0.95
   */
  quantile(q: number): number | undefined;
  /** Values taken in. */
  readonly count: number;
  readonly sum: number;
  /** The smallest value, exactly; `Infinity` when there is none. */
  readonly min: number;
  /** The largest value, exactly; `-Infinity` when there is none. */
  readonly max: number;
  /**
   * Takes in what `other`, which stays as it is, has seen.
   *
   * @throws TypeError when `other` comes from another engine
   */
  merge(other: Sketch): void;
  /** Gives working memory back when nothing is recorded for now. Recording may go on later. */
  compact(): void;
  /** Forgets everything. */
  reset(): void;
  /** Everything as plain data, from which `restoreSketch` makes an equal sketch. */
  toJSON(): SketchState;
}

/** A sketch as plain data. */
export type SketchState = ExponentialState | TDigestState;

/** Makes an empty sketch. */
export type SketchFactory = () => Sketch;
