// Measures the stores over files and writes results/store-files.json. With an argument only the cases whose
// name contains it run; the others keep what an earlier run found. Without cases of that name only what
// concerns our store alone is measured: invalidation, opening.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore } from '@x/cache-fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { runSuite, type SuiteResult } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';
import { writeResult } from '../write-result.ts';
import { measureInvalidation } from './invalidation.ts';

const file = new URL('../../results/store-files.json', import.meta.url);
const [, , only] = process.argv;

interface Result {
  readonly cases: SuiteResult;
  readonly ours?: unknown;
}

function earlier(): Result {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Result;
  } catch {
    return { cases: {} };
  }
}

async function measureOurs(): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'store-bench-'));
  const invalidation = await measureInvalidation(() => FileStore.open({ directory }));
  const start = process.hrtime.bigint();
  const store = await FileStore.open({ directory });
  const openMs = Number(process.hrtime.bigint() - start) / 1e6;
  const { entries } = await store.stats();
  await store.close();
  return { invalidation, open: { entries, ms: openMs } };
}

const suite = new URL('./file-suite.ts', import.meta.url).href;
const measured = await runSuite(suite, { only, rounds: 1 });
const before = earlier();
const cases = { ...before.cases, ...measured };
console.log(formatTable(leastOf(cases, 'nsPerOperation'), 'floor'));
const isWhole = only === undefined || Object.keys(measured).length === 0;
const ours = isWhole ? await measureOurs() : before.ours;
console.log(ours);
writeResult(
  'store-files',
  { cases, ours },
  installedVersions(['cacache', 'keyv', 'keyv-file', 'unstorage', 'bentocache', 'flat-cache']),
);
