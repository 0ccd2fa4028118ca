/** The finest scale: each power of two is cut into `2 ** finestScale` buckets. */
export const finestScale = 6;

const perOctave = 2 ** finestScale;
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which of the two words of a number has sign, exponent and upper mantissa: the machine decides. */
export const upperWord: 0 | 1 = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Upper and lower word of the mantissa of each bound `2 ** (k / perOctave)`, and of a last one. */
const upperBounds = new Uint32Array(perOctave + 1);
const lowerBounds = new Uint32Array(perOctave + 1);
/** How many bounds lie below each cell, where the cells cut the mantissas into equal parts. */
const cellBits = finestScale + 1;
const boundsBelow = new Uint8Array(2 ** cellBits);

for (let bound = 0; bound < perOctave; bound++) {
  float[0] = 2 ** (bound / perOctave);
  upperBounds[bound] = (words[upperWord] as number) & 0xfffff;
  lowerBounds[bound] = words[1 - upperWord] as number;
}
upperBounds[perOctave] = 0xfffff;
lowerBounds[perOctave] = 0xffffffff;
for (let cell = 0; cell < boundsBelow.length; cell++) {
  const from = 1 + cell / boundsBelow.length;
  let below = 0;
  while (below < perOctave && 2 ** (below / perOctave) < from) below++;
  boundsBelow[cell] = below;
}

/**
 * The number of the bucket of `value`, which is above 0, at the finest scale: bucket `i` takes what is
 * above `2 ** (i / 64)` and up to `2 ** ((i + 1) / 64)`, as OpenTelemetry and Prometheus number them.
 * A cell is narrower than a bucket, so one comparison tells on which side of a bound a value is; no
 * logarithm is taken.
 */
export function exponentialIndex(value: number): number {
  float[0] = value;
  return exponentialIndexOfWords(words[upperWord] as number, words[1 - upperWord] as number);
}

/** The same for a number of at least 0 in two words. */
export function exponentialIndexOfWords(upper: number, lower: number): number {
  const exponent = upper >>> 20;
  if (exponent === 0) return subnormalIndex(upper, lower);
  const mantissa = upper & 0xfffff;
  const below = boundsBelow[mantissa >>> (20 - cellBits)] as number;
  const bound = upperBounds[below] as number;
  // The sign of the difference instead of a comparison, which no processor could foresee.
  let above = (bound - mantissa) >>> 31;
  if (mantissa === bound && lower > (lowerBounds[below] as number)) above = 1;
  return (exponent - 1023) * perOctave + below - 1 + above;
}

function subnormalIndex(upper: number, lower: number): number {
  words[upperWord] = upper;
  words[1 - upperWord] = lower;
  const value = float[0] as number;
  return value === 0 ? 0 : exponentialIndex(value * 2 ** 64) - 64 * perOctave;
}
