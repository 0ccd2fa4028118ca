import { readEnvironment } from '../environment.ts';
import type { BundleSize } from './bundle-size.ts';
import type { Overhead } from './overhead.ts';

export interface Result {
  time?: Record<string, Record<string, Overhead>>;
  size?: Record<string, BundleSize>;
}

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1);

function timeRows({ esm = {}, cjs = {} }: Record<string, Record<string, Overhead>>): string[] {
  return Object.entries(esm).map(([name, { wallMs, leastWallMs, cpuMs }]) => {
    const required = cjs[name];
    const cells = [wallMs, leastWallMs, cpuMs, required?.wallMs, required?.leastWallMs];
    return `| \`${name}\` | ${[...cells, required?.cpuMs].join(' | ')} |`;
  });
}

function sizeRows(sizes: Record<string, BundleSize>): string[] {
  return Object.entries(sizes).map(
    ([name, { minifiedBytes, gzipBytes }]) =>
      `| \`${name}\` | ${kilobytes(minifiedBytes)} | ${kilobytes(gzipBytes)} |`,
  );
}

/** The result as the page that stands beside it. */
export function toMarkdown({ time = {}, size = {} }: Result, rounds: number): string {
  const { cpu, cores, node, measuredAt } = readEnvironment({});
  return `# Imports

Written by \`pnpm --filter benchmarks imports\` on ${cpu}, ${cores} cores, Node ${node.slice(1)}, ${measuredAt.slice(0, 10)}. Needs
\`pnpm build\`.

## Time

Milliseconds that a process of its own takes longer when it imports one package, by \`import\` or by \`require\`: the median of
${rounds} rounds, in which each has its turn, of wall time and of CPU time; and the least wall time over the least of the process
that imports nothing, which other work on the machine spoils less. undici and prom-client are yardsticks. The
umbrella is to take 60 ms at most on a quiet machine.

| | import, median | least | CPU | require, median | least | CPU |
|---|---:|---:|---:|---:|---:|---:|
${timeRows(time).join('\n')}

## Size

Kilobytes in a bundle of a program that imports one name, by esbuild, minified, without better-sqlite3, fflate, picomatch,
tdigest and undici.

| | minified | and gzipped |
|---|---:|---:|
${sizeRows(size).join('\n')}
`;
}
