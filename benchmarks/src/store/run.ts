// Measures the stores and writes results/store-sqlite.json. With an argument only the cases whose name
// contains it run; the others keep what an earlier run found.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@x/cache-sqlite';
import { installedVersions } from '../harness/installed-versions.ts';
import { runSuite, type SuiteResult } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';
import { writeResult } from '../write-result.ts';
import { measureInvalidation } from './invalidation.ts';

const file = new URL('../../results/store-sqlite.json', import.meta.url);
const [, , only] = process.argv;

function earlier(): { cases: SuiteResult } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { cases: SuiteResult };
  } catch {
    return { cases: {} };
  }
}

const suite = new URL('./sqlite-suite.ts', import.meta.url).href;
const measured = await runSuite(suite, { only, rounds: 2 });
const cases = only === undefined ? measured : { ...earlier().cases, ...measured };
console.log(formatTable(leastOf(cases, 'nsPerOperation'), 'floor'));
const path = join(mkdtempSync(join(tmpdir(), 'store-bench-')), 'cache.db');
const invalidation = await measureInvalidation(() => SqliteStore.open({ path }));
console.log(invalidation);
writeResult(
  'store-sqlite',
  { cases, invalidation },
  installedVersions([
    'better-sqlite3',
    'keyv',
    '@keyv/sqlite',
    'cacheable',
    'cache-manager',
    'bentocache',
  ]),
);
