// Measures contenders by turns within one process, so that a slow minute of the machine meets all of
// them alike, and prints the medians of CPU time per operation and of the ratios to the floor.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Open } from './contender.ts';
import { sqliteStore } from './ours.ts';
import { keyCount, keyOf, payload, type Size, sizes } from './payload.ts';
import { betterSqlite3Floor } from './sqlite-floor.ts';
import { bentocacheSqlite, keyvSqlite } from './sqlite-peers.ts';

const contenders: Record<string, Open> = {
  floor: betterSqlite3Floor,
  ours: (folder) => sqliteStore(folder, 'better-sqlite3'),
  'ours, node:sqlite': (folder) => sqliteStore(folder, 'node:sqlite'),
  'keyv 6': keyvSqlite,
  bentocache: bentocacheSqlite,
};

interface Turn {
  readonly operations: number;
  readonly size: Size;
  run(contender: Contender, round: number): Promise<void>;
}

function* spread(count: number, times: number, start: number): Generator<number> {
  for (let step = 0, index = start; step < times; step++) yield (index = (index + 7_919) % count);
}

function gets(size: Size, operations: number): Turn {
  const keys = Array.from({ length: keyCount[size] }, (_, index) => keyOf(index));
  return {
    operations,
    size,
    async run(contender, round) {
      for (const index of spread(keyCount[size], operations, round)) {
        await contender.get(keys[index] ?? '');
      }
    },
  };
}

function sets(size: Size, operations: number, atOnce: number): Turn {
  const keys = Array.from({ length: keyCount[size] }, (_, index) => keyOf(index));
  const values = keys.map((_, index) => payload(index + 1, sizes[size]));
  return {
    operations,
    size,
    async run(contender, round) {
      let batch: unknown[] = [];
      for (const index of spread(keyCount[size], operations, round)) {
        const setting = contender.set(keys[index] ?? '', values[index]);
        if (atOnce === 1) await setting;
        else if (batch.push(setting) === atOnce) {
          await Promise.all(batch);
          batch = [];
        }
      }
      await Promise.all(batch);
    },
  };
}

const turns: Record<string, Turn> = {
  'get, 1 KB': gets('1 KB', 2_000),
  miss: {
    operations: 2_000,
    size: '1 KB',
    async run(contender) {
      for (let index = 0; index < 2_000; index++) await contender.get(`missing:${index}`);
    },
  },
  'set, 1 KB': sets('1 KB', 400, 1),
  'set 50 at once, 1 KB': sets('1 KB', 1_000, 50),
  'get, 100 B': gets('100 B', 2_000),
  'set, 100 B': sets('100 B', 400, 1),
  'get, 100 KB': gets('100 KB', 100),
  'set, 100 KB': sets('100 KB', 40, 1),
};

async function filled(open: Open, size: Size): Promise<Contender> {
  const contender = await open(mkdtempSync(join(tmpdir(), 'store-bench-')));
  const entries = Array.from({ length: keyCount[size] }, (_, index) => [
    keyOf(index),
    payload(index, sizes[size]),
  ] as const);
  for (let start = 0; start < entries.length; start += 100) {
    const part = entries.slice(start, start + 100);
    if (contender.setMany) await contender.setMany(part);
    else for (const entry of part) await contender.set(...entry);
  }
  return contender;
}

async function cpuMicroseconds(body: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const median = (values: number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;

const [, , onlyTurns = '', onlyContenders = '', rounds = '15'] = process.argv;
const names = Object.keys(contenders).filter(
  (name) => onlyContenders === '' || onlyContenders.split('|').includes(name),
);
const wanted = onlyTurns.split('|');
for (const [turnName, turn] of Object.entries(turns)) {
  if (!wanted.some((part) => turnName.includes(part))) continue;
  const open = await Promise.all(
    names.map(async (name) => [name, await filled(contenders[name]!, turn.size)] as const),
  );
  const times: Record<string, number[]> = {};
  for (let round = -3; round < Number(rounds); round++) {
    for (const [name, contender] of round % 2 === 0 ? open : open.toReversed()) {
      const time = await cpuMicroseconds(() => turn.run(contender, round + 3));
      if (round >= 0) (times[name] ??= []).push(time / turn.operations);
    }
  }
  for (const [, contender] of open) await contender.close();
  const floor = times[names[0]!]!;
  const cells = names.map((name) => {
    const own = times[name]!;
    const ratio = median(own.map((time, round) => time / floor[round]!));
    return `${name} ${median(own).toFixed(1)} (${ratio.toFixed(2)})`;
  });
  console.log(`${turnName}: ${cells.join(', ')}`);
}
process.exit();
