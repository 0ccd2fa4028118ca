import type { ColdImport } from './cold-import.ts';

/** What an import takes, over a process that imports nothing. */
export interface Overhead extends ColdImport {
  /** The least of its rounds over the least of the process that imports nothing. */
  readonly leastWallMs: number;
}

function median(values: readonly number[]): number {
  const value = values.toSorted((left, right) => left - right)[values.length >> 1] as number;
  return Number(value.toFixed(1));
}

export function overhead(own: readonly ColdImport[], bare: readonly ColdImport[]): Overhead {
  const more = (field: keyof ColdImport): number[] =>
    own.map((sample, round) => sample[field] - (bare[round]?.[field] ?? NaN));
  const least = (samples: readonly ColdImport[]): number =>
    Math.min(...samples.map(({ wallMs }) => wallMs));
  return {
    wallMs: median(more('wallMs')),
    cpuMs: median(more('cpuMs')),
    leastWallMs: Number((least(own) - least(bare)).toFixed(1)),
  };
}
