import { seededRandom } from './random.ts';

const random = seededRandom(20_261_125);

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function values(count: number, make: () => number): Float64Array {
  return Float64Array.from({ length: count }, make);
}

/** The inputs on which quantiles are judged. */
export const inputs: Readonly<Record<string, (count: number) => Float64Array>> = {
  uniform: (count) => values(count, () => 1 + 999 * random()),
  lognormal: (count) => values(count, () => Math.exp(3 + normal())),
  Pareto: (count) => values(count, () => (1 - random()) ** (-1 / 1.5)),
  bimodal: (count) => values(count, () => (random() < 0.9 ? 10 + normal() : 500 + 50 * normal())),
  sorted: (count) => values(count, () => Math.exp(3 + normal())).sort(),
};

/** Durations as services have them: most about 20 ms, some much longer. */
export function durations(count: number): Float64Array {
  return (inputs['lognormal'] as (count: number) => Float64Array)(count);
}
