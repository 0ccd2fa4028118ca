import { describeValue } from '@x/interfaces';
import { ExponentialSketch } from './exponential-sketch.ts';
import type { Sketch, SketchState } from './sketch.ts';
import { TDigestSketch } from './tdigest-sketch.ts';

/**
 * The sketch that answered `state` to `toJSON()`, from this process or another.
 *
 * @throws TypeError when `state` is of no engine
 */
export function restoreSketch(state: SketchState): Sketch {
  if (state?.engine === 'exponential') return ExponentialSketch.from(state);
  if (state?.engine === 'tdigest') return TDigestSketch.from(state);
  throw new TypeError(
    `state must be what toJSON() of a sketch answers, got ${describeValue(state)}`,
  );
}
