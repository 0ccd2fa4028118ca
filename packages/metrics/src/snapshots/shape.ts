import type { Sketch } from '../sketch/sketch.ts';

/** Stretches in which values are counted, and so the characters of a row of bars. */
export const shapeWidth = 10;

/** Quantiles that are asked for. */
const samples = 100;

/**
 * How the values of a sketch lie: the share of them in each of ten stretches from the smallest to the
 * largest, even by ratio where all are above 0. Empty when there are none.
 */
export function shapeOf(sketch: Sketch): number[] {
  if (sketch.count === 0) return [];
  const shares = Array.from({ length: shapeWidth }, () => 0);
  const { min, max } = sketch;
  const position = (value: number): number => {
    if (max === min) return 0;
    return min > 0 ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  };
  for (let sample = 0; sample < samples; sample++) {
    const value = sketch.quantile((sample + 0.5) / samples) ?? min;
    const stretch = Math.min(shapeWidth - 1, Math.floor(position(value) * shapeWidth));
    shares[stretch] = (shares[stretch] ?? 0) + 1 / samples;
  }
  return shares;
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A shape as a row of bars, the highest for the largest share; blank where there is nothing. */
export function sparkline(shape: readonly number[]): string {
  const largest = Math.max(...shape);
  return shape
    .map((share) => (share === 0 ? ' ' : bars[Math.ceil((share / largest) * bars.length) - 1]))
    .join('');
}
