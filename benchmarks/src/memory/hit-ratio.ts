// Hit ratios on recorded traces, from an empty cache on:
//
//   pnpm --filter benchmarks hit-ratio [--traces FOLDER] [--limit ACCESSES] [--save]
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { writeResult } from '../write-result.ts';
import { bestHits } from './belady.ts';
import { type Contender, makers } from './contenders.ts';
import { readTraces, type Trace } from './traces.ts';
import { versions } from './versions.ts';

interface Cell {
  readonly trace: string;
  readonly size: number;
  /** Hits in percent, by contender; `optimal` is what a policy that knows the future would have. */
  readonly hitPercent: Readonly<Record<string, number>>;
}

/** Whose policy is measured; quick-lru is left out, because it holds up to twice what it is told. */
const measured = [
  'MemoryCache',
  "MemoryCache, 'lru'",
  'lru-cache',
  'tiny-lru',
  'mnemonist LRUMap',
  '@neophi/sieve-cache',
  'transitory',
];

function countHits(cache: Contender, accesses: Uint32Array, names: readonly string[]): number {
  let hits = 0;
  for (const access of accesses) {
    const key = names[access] as string;
    if (cache.get(key) === undefined) cache.set(key, 1);
    else hits++;
  }
  return hits;
}

function measure(trace: Trace, size: number, names: readonly string[]): Cell {
  const { accesses, uniqueKeys } = trace;
  const percent = (hits: number): number => Math.round((10_000 * hits) / accesses.length) / 100;
  const hitPercent: Record<string, number> = {
    optimal: percent(bestHits(accesses, uniqueKeys, size)),
  };
  for (const name of measured) {
    const cache = makers[name]?.(size) as Contender;
    hitPercent[name] = percent(countHits(cache, accesses, names));
  }
  return { trace: trace.name, size, hitPercent };
}

/** Over all cells: the mean, and how many cells are more than one point below `lru-cache`. */
function summarise(cells: readonly Cell[]): Record<string, { mean: number; belowLru: number }> {
  const summary: Record<string, { mean: number; belowLru: number }> = {};
  for (const name of ['optimal', ...measured]) {
    const values = cells.map((cell) => cell.hitPercent[name] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const belowLru = cells.filter(
      ({ hitPercent }) => (hitPercent[name] as number) < (hitPercent['lru-cache'] as number) - 1,
    ).length;
    summary[name] = { mean: Math.round(100 * mean) / 100, belowLru };
  }
  return summary;
}

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: fileURLToPath(new URL('../../traces', import.meta.url)) },
    limit: { type: 'string', default: '1500000' },
    save: { type: 'boolean', default: false },
  },
});
const cells: Cell[] = [];
for (const trace of readTraces(values.traces, Number(values.limit))) {
  const names = Array.from({ length: trace.uniqueKeys }, (_, key) => `key:${key}`);
  for (const size of trace.sizes) {
    const cell = measure(trace, size, names);
    console.log(trace.name, size, JSON.stringify(cell.hitPercent));
    cells.push(cell);
  }
}
const summary = summarise(cells);
console.table(summary);
if (values.save) writeResult('memory-hit-ratio', { summary, cells }, versions);
