// Measures how long the event loop of a process is held up that uses a store which eight others write, and
// writes results/store-stalls.json. With an argument only the contenders whose names contain it run; the
// others keep what an earlier run found. About ten seconds each.
import { readFileSync } from 'node:fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { writeResult } from '../write-result.ts';
import { measureStalls, type Stalls } from './stalls.ts';
import { stallContenders } from './stall-contenders.ts';

const file = new URL('../../results/store-stalls.json', import.meta.url);
const [, , only = ''] = process.argv;

function earlier(): Record<string, Stalls> {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { stalls: Record<string, Stalls> }).stalls;
  } catch {
    return {};
  }
}

const stalls: Record<string, Stalls> = { ...earlier() };
for (const name of Object.keys(stallContenders)) {
  if (!name.includes(only)) continue;
  const found = await measureStalls(name);
  console.log(name, found);
  stalls[name] = found;
}
writeResult(
  'store-stalls',
  { stalls },
  installedVersions([
    'better-sqlite3',
    'keyv',
    '@keyv/sqlite',
    'cacheable',
    'bentocache',
    'unstorage',
  ]),
);
process.exit();
