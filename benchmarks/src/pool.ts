// Measures the connection pool against its peers:
//
//   pnpm --filter benchmarks pool [paired | cost | fan-out | idle-kill | faults | reuse | timers] [part of a case's name]
//
// With a case only that is measured, and the others of the result stay as they were.
import { existsSync, readFileSync } from 'node:fs';
import { installedVersions } from './harness/installed-versions.ts';
import { runSuite, type SuiteResult } from './harness/run-suite.ts';
import { formatTable, leastOf } from './harness/table.ts';
import { writeResult } from './write-result.ts';

const parts = {
  paired: { rounds: 1, figures: ['ratioToUndici', 'microseconds'] },
  cost: { rounds: 2, figures: ['nsPerOperation', 'p99Ms'] },
  'fan-out': { rounds: 1, figures: ['seconds', 'mostOpen', 'connectionsOpened'] },
  'idle-kill': { rounds: 1, figures: ['lost', 'connectionsOpened'] },
  reuse: { rounds: 1, figures: ['keptMs', 'freshMs', 'savedPercent'] },
  faults: { rounds: 1, figures: ['failed', 'unsettled', 'requestsSent', 'seconds'] },
  timers: { rounds: 1, figures: ['latestMs'] },
} as const;

const peers = ['undici', 'undici-7', 'got', 'ky', 'axios', 'make-fetch-happen'];

function readCases(part: string): SuiteResult {
  const file = new URL(`../results/pool-${part}.json`, import.meta.url);
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: SuiteResult }).cases;
}

const [wanted, only] = process.argv.slice(2);
for (const [part, { rounds, figures }] of Object.entries(parts)) {
  if (wanted !== undefined && wanted !== part) continue;
  const address = new URL(`./pool/${part}-suite.ts`, import.meta.url).href;
  const result = await runSuite(address, { rounds, only });
  for (const figure of figures) {
    console.log(`\n${part}: ${figure}\n${formatTable(leastOf(result, figure), 'ours')}`);
  }
  const cases = only === undefined ? result : { ...readCases(part), ...result };
  writeResult(`pool-${part}`, { cases }, installedVersions(peers));
}
