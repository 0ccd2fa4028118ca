import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Open } from './contender.ts';
import { keyOf, payload, type Size, sizes } from './payload.ts';

/** Keys of a contender in this program, by the size of their values. */
const keyCount: Record<Size, number> = { '100 B': 1_000, '1 KB': 1_000, '100 KB': 100 };

/** Microseconds of CPU time (user and system, all threads) an operation, and by the first contender's. */
export interface TurnFigures {
  readonly cpuUs: number;
  /** The median of the ratios of single rounds. */
  readonly toFirst: number;
}

interface Job {
  readonly size: Size;
  readonly operations: number;
  run(contender: Contender, operations: number, round: number): Promise<void>;
}

/** @yields numbers in an order that no cache of pages likes, another in each round */
function* spread(count: number, times: number, round: number): Generator<number> {
  for (let step = 0, index = round; step < times; step++) yield (index = (index + 797) % count);
}

function gets(size: Size, operations: number): Job {
  const keys = Array.from({ length: keyCount[size] }, (_, index) => keyOf(index));
  return {
    size,
    operations,
    async run(contender, times, round) {
      for (const index of spread(keys.length, times, round)) {
        await contender.get(keys[index] ?? '');
      }
    },
  };
}

function sets(size: Size, operations: number, atOnce = 1): Job {
  const entries = Array.from(
    { length: keyCount[size] },
    (_, index) => [keyOf(index), payload(index, sizes[size])] as const,
  );
  return {
    size,
    operations,
    async run(contender, times, round) {
      let batch: unknown[] = [];
      for (const index of spread(entries.length, times, round)) {
        const [key, value] = entries[index] ?? ['', undefined];
        const setting = contender.set(key, value);
        if (atOnce === 1) await setting;
        else if (batch.push(setting) === atOnce) {
          await Promise.all(batch);
          batch = [];
        }
      }
    },
  };
}

/** As a server reads: one key, then the next callback of the event loop, whose cost is in the figure. */
const loneGets: Job = {
  size: '1 KB',
  operations: 400,
  async run(contender, times, round) {
    for (const index of spread(keyCount['1 KB'], times, round)) {
      await contender.get(keyOf(index));
      await setImmediate();
    }
  },
};

/** 50 keys at once; one by one where a contender has no call for many. */
const manyGets: Job = {
  size: '1 KB',
  operations: 1_000,
  async run(contender, times, round) {
    const keys = Array.from(spread(keyCount['1 KB'], times, round), keyOf);
    for (let start = 0; start < times; start += 50) {
      const batch = keys.slice(start, start + 50);
      if (contender.getMany !== undefined) await contender.getMany(batch);
      else for (const key of batch) await contender.get(key);
    }
  },
};

const misses: Job = {
  size: '1 KB',
  operations: 4_000,
  async run(contender, times, round) {
    const keys = Array.from({ length: times }, (_, index) => `missing:${round}:${index}`);
    for (const key of keys) await contender.get(key);
  },
};

const jobs: Readonly<Record<string, Job>> = {
  'get, 100 B': gets('100 B', 400),
  'get, 1 KB': gets('1 KB', 400),
  'get, 100 KB': gets('100 KB', 40),
  'get in a callback of its own, 1 KB': loneGets,
  'getMany of 50, 1 KB': manyGets,
  miss: misses,
  'set, 100 B': sets('100 B', 200),
  'set, 1 KB': sets('1 KB', 200),
  'set, 100 KB': sets('100 KB', 20),
  'set 50 at once, 1 KB': sets('1 KB', 400, 50),
};

/**
 * Measures contenders by turns within this process, so that a slow moment of the machine meets all of them
 * alike. The first is the one that the others are held against.
 *
 * @param rounds - how often each has its turn in each case, after twelve to warm up
 * @param only - cases whose name contains it
 */
export async function measureByTurns(
  contenders: Readonly<Record<string, Open>>,
  rounds: number,
  only: string,
): Promise<Record<string, Record<string, TurnFigures>>> {
  const result: Record<string, Record<string, TurnFigures>> = {};
  for (const [name, job] of Object.entries(jobs)) {
    if (!name.includes(only)) continue;
    const opened: [string, Contender][] = [];
    for (const [contender, open] of Object.entries(contenders)) {
      opened.push([contender, await filled(open, job.size)]);
    }
    result[name] = await measure(job, opened, rounds);
    for (const [, contender] of opened) await contender.close();
  }
  return result;
}

async function filled(open: Open, size: Size): Promise<Contender> {
  const contender = await open(mkdtempSync(join(tmpdir(), 'store-bench-')));
  for (let index = 0; index < keyCount[size]; index++) {
    await contender.set(keyOf(index), payload(index, sizes[size]));
  }
  assert.deepEqual(await contender.get(keyOf(7)), payload(7, sizes[size]));
  return contender;
}

async function measure(
  job: Job,
  contenders: readonly (readonly [string, Contender])[],
  rounds: number,
): Promise<Record<string, TurnFigures>> {
  const times: Record<string, number[]> = {};
  for (let round = -12; round < rounds; round++) {
    // Each begins a round in turn.
    const first = (round + 12) % contenders.length;
    const order = [...contenders.slice(first), ...contenders.slice(0, first)];
    for (const [name, contender] of order) {
      const before = process.cpuUsage();
      await job.run(contender, job.operations, round + 12);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) (times[name] ??= []).push((user + system) / job.operations);
    }
  }
  const base = times[contenders[0]?.[0] ?? ''] ?? [];
  return Object.fromEntries(
    contenders.map(([name]) => {
      const samples = times[name] ?? [];
      const ratios = samples.map((sample, round) => sample / (base[round] ?? NaN));
      return [name, { cpuUs: medianOf(samples), toFirst: medianOf(ratios) }];
    }),
  );
}

function medianOf(samples: readonly number[]): number {
  return [...samples].sort((one, other) => one - other)[samples.length >> 1] ?? NaN;
}
