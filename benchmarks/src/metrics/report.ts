// Metrics against their peers, by turns, in parts:
//
//   pnpm --filter benchmarks metrics [record | quantiles | accuracy | scrape] [part of a case's name]
//
// With a case only that is measured, and the others of the result stay as they were.
import { existsSync, readFileSync } from 'node:fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { runSuite, type SuiteResult } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';
import { writeResult } from '../write-result.ts';

/** How often each contender has its turn. Accuracy is the same each time. */
const rounds = { record: 3, quantiles: 3, accuracy: 1, scrape: 3 } as const;

const peers = [
  '@datadog/sketches-js',
  '@opentelemetry/sdk-metrics',
  'hdr-histogram-js',
  'prom-client',
  'tdigest',
];

function readCases(part: string): SuiteResult {
  const file = new URL(`../../results/metrics-${part}.json`, import.meta.url);
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: SuiteResult }).cases;
}

function figuresIn(result: SuiteResult): string[] {
  const samples = Object.values(result).flatMap((contenders) => Object.values(contenders));
  return [...new Set(samples.flatMap((figures) => Object.keys(figures)))];
}

const [wanted, only] = process.argv.slice(2);
for (const [part, times] of Object.entries(rounds)) {
  if (wanted !== undefined && wanted !== part) continue;
  const address = new URL(`./${part}-suite.ts`, import.meta.url).href;
  const result = await runSuite(address, { rounds: times, only });
  for (const figure of figuresIn(result)) {
    const cases = Object.entries(leastOf(result, figure)).filter(
      ([, row]) => Object.keys(row).length > 0,
    );
    console.log(`\n${part}: ${figure}; in brackets ours by it`);
    console.log(formatTable(Object.fromEntries(cases), 'ours'));
  }
  writeResult(
    `metrics-${part}`,
    { cases: only === undefined ? result : { ...readCases(part), ...result } },
    installedVersions(peers),
  );
}
