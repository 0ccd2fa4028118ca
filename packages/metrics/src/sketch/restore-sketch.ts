import { ExponentialSketch } from './exponential-sketch.ts';
import type { Sketch, SketchState } from './sketch.ts';
import { TDigestSketch } from './tdigest-sketch.ts';

/** The sketch that answered `state` to `toJSON()`, from this process or another. */
export function restoreSketch(state: SketchState): Sketch {
  return state.engine === 'exponential' ? ExponentialSketch.from(state) : TDigestSketch.from(state);
}
