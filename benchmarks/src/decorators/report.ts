// What wrappers and cached hits cost, by turns in one process a case:
//
//   pnpm --filter benchmarks decorators [wrappers | hits] [part of a case's name]
//
// With a case only that is measured, and the others of the result stay as they were.
import { existsSync, readFileSync } from 'node:fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { runSuite, type Samples } from '../harness/run-suite.ts';
import { writeResult } from '../write-result.ts';

type Figures = Record<string, Record<string, number>>;

const peers = [
  'async-cache-dedupe',
  'cacheable',
  'cockatiel',
  'memoizee',
  'micro-memoize',
  'moize',
  'p-memoize',
];

function readFigures(): Record<string, Figures> {
  const file = new URL('../../results/decorators.json', import.meta.url);
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { nanoseconds: Record<string, Figures> })
    .nanoseconds;
}

function mediansOf(samples: Samples): Record<string, number> {
  return Object.fromEntries(
    Object.entries(samples).map(([name, values]) => {
      const sorted = values.toSorted((left, right) => left - right);
      return [name, Number((sorted[sorted.length >> 1] as number).toPrecision(4))];
    }),
  );
}

const [wanted, only] = process.argv.slice(2);
const nanoseconds = readFigures();
for (const part of ['wrappers', 'hits']) {
  if (wanted !== undefined && wanted !== part) continue;
  const address = new URL(`./${part}-suite.ts`, import.meta.url).href;
  for (const [name, contenders] of Object.entries(await runSuite(address, { rounds: 5, only }))) {
    const figures = mediansOf(contenders['by turns'] ?? {});
    (nanoseconds[part] ??= {})[name] = figures;
    console.log(`\n${part}: ${name}`);
    console.table(figures);
  }
}
writeResult('decorators', { nanoseconds }, installedVersions(peers));
