// Measures stores by turns within one process and writes results/store-turns-<medium>.json:
//
//   node run-turns.ts files|sqlite [cases whose name contains it] [rounds]
//
// Cases that are left out keep what an earlier run found.
import { readFileSync } from 'node:fs';
import { installedVersions } from '../harness/installed-versions.ts';
import { writeResult } from '../write-result.ts';
import { measureByTurns, type TurnFigures } from './by-turns.ts';
import type { Open } from './contender.ts';
import { fileFloor, promisesFloor } from './file-floors.ts';
import { bentocacheFiles, unstorageFiles } from './file-peers.ts';
import { fileStore, sqliteStore } from './ours.ts';
import { betterSqlite3Floor } from './sqlite-floor.ts';
import { bentocacheSqlite, keyvSqlite } from './sqlite-peers.ts';

const media: Readonly<Record<string, Readonly<Record<string, Open>>>> = {
  files: {
    floor: fileFloor,
    'floor, promises': promisesFloor,
    ours: fileStore,
    unstorage: unstorageFiles,
    bentocache: bentocacheFiles,
  },
  sqlite: {
    floor: betterSqlite3Floor,
    ours: (folder) => sqliteStore(folder, 'better-sqlite3'),
    'ours, node:sqlite': (folder) => sqliteStore(folder, 'node:sqlite'),
    keyv: keyvSqlite,
    bentocache: bentocacheSqlite,
  },
};

type Cases = Record<string, Record<string, TurnFigures>>;

const [, , medium = '', only = '', rounds = '15'] = process.argv;
const contenders = media[medium];
if (contenders === undefined) throw new RangeError('the first argument is files or sqlite');
const name = `store-turns-${medium}`;

function earlier(): Cases {
  try {
    const text = readFileSync(new URL(`../../results/${name}.json`, import.meta.url), 'utf8');
    return (JSON.parse(text) as { cases: Cases }).cases;
  } catch {
    return {};
  }
}

const measured = await measureByTurns(contenders, Number(rounds), only);
for (const [what, figures] of Object.entries(measured)) {
  const cells = Object.entries(figures).map(
    ([contender, { cpuUs, toFirst }]) => `${contender} ${cpuUs.toFixed(1)} (${toFirst.toFixed(2)})`,
  );
  console.log(`${what}: ${cells.join(', ')}`);
}
const peers = ['better-sqlite3', '@keyv/sqlite', 'keyv', 'bentocache', 'unstorage'];
writeResult(name, { cases: { ...earlier(), ...measured } }, installedVersions(peers));
process.exit();
