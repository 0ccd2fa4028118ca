import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One recorded series of accesses; keys are numbered in the order of their first appearance. */
export interface Trace {
  readonly name: string;
  readonly accesses: Uint32Array;
  readonly uniqueKeys: number;
  /** The cache sizes to try, in entries. */
  readonly sizes: readonly number[];
}

/** Sizes under which the literature reports a trace. */
const classicSizes: Readonly<Record<string, readonly number[]>> = {
  'arc-oltp': [250, 1_000, 2_000],
  'lirs-gli': [500, 1_000, 1_500],
  'lirs-loop': [256, 512, 768],
  'lirs-multi2': [500, 1_500],
  'scarab-recs': [25_000, 75_000],
};

/** Of the unique keys. */
const shares = [0.005, 0.02, 0.05, 0.1, 0.25];
const smallestSize = 20;

function sizesFor(name: string, uniqueKeys: number): number[] {
  const sizes = new Set(shares.map((share) => Math.round(share * uniqueKeys)));
  for (const size of classicSizes[name] ?? []) sizes.add(size);
  return [...sizes].filter((size) => size >= smallestSize).sort((a, b) => a - b);
}

/** @param limit - most accesses to read */
function readTrace(file: string, limit: number): Trace {
  const name = basename(file, '.txt.gz');
  const numbers = new Map<string, number>();
  const accesses: number[] = [];
  for (const line of gunzipSync(readFileSync(file)).toString('latin1').split('\n')) {
    if (line === '') continue;
    if (accesses.length === limit) break;
    let number = numbers.get(line);
    if (number === undefined) numbers.set(line, (number = numbers.size));
    accesses.push(number);
  }
  return {
    name,
    accesses: Uint32Array.from(accesses),
    uniqueKeys: numbers.size,
    sizes: sizesFor(name, numbers.size),
  };
}

/**
 * Reads the traces in a folder: gzipped text, one key a line, in files named `*.txt.gz`. Those named
 * `*.weighted.txt.gz`, whose lines also have a size, are left out.
 *
 * @yields one trace at a time
 */
export function* readTraces(folder: string, limit: number): Generator<Trace> {
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.txt.gz') || file.endsWith('.weighted.txt.gz')) continue;
    yield readTrace(join(folder, file), limit);
  }
}
