import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Probe, Suite } from '../harness/suite.ts';
import type { Contender, Open } from './contender.ts';
import { sqliteStore } from './ours.ts';
import { keyCount, keyOf, payload, type Size, sizes } from './payload.ts';
import { betterSqlite3Floor } from './sqlite-floor.ts';

const contenders: Record<string, Open> = {
  floor: betterSqlite3Floor,
  ours: (folder) => sqliteStore(folder, 'better-sqlite3'),
  'ours, node:sqlite': (folder) => sqliteStore(folder, 'node:sqlite'),
};

/** Keys in an order that no cache of pages likes. */
function* shuffled(count: number, times: number): Generator<number> {
  for (let step = 0, index = 0; step < times; step++) yield (index = (index + 7_919) % count);
}

async function filled(open: Open, size: Size): Promise<Contender> {
  const contender = await open(mkdtempSync(join(tmpdir(), 'store-bench-')));
  const count = keyCount[size];
  for (let start = 0; start < count; start += 50) {
    const entries = Array.from({ length: Math.min(50, count - start) }, (_, offset) => {
      const index = start + offset;
      return [keyOf(index), payload(index, sizes[size])] as const;
    });
    await Promise.all(entries.map(([key, value]) => contender.set(key, value)));
  }
  return contender;
}

async function measureGet(open: Open, probe: Probe, size: Size): Promise<void> {
  const contender = await filled(open, size);
  const count = keyCount[size];
  for (const index of [0, 1, count - 1]) {
    assert.deepEqual(await contender.get(keyOf(index)), payload(index, sizes[size]));
  }
  const times = size === '100 KB' ? 300 : 5_000;
  const keys = Array.from(shuffled(count, times), keyOf);
  await probe.time(times, async () => {
    for (const key of keys) await contender.get(key);
  });
}

async function measureMiss(open: Open, probe: Probe): Promise<void> {
  const contender = await filled(open, '1 KB');
  assert.equal((await contender.get('missing')) ?? undefined, undefined);
  const keys = Array.from(shuffled(10_000, 10_000), (index) => `missing:${index}`);
  await probe.time(keys.length, async () => {
    for (const key of keys) await contender.get(key);
  });
}

async function measureSet(open: Open, probe: Probe, size: Size, atOnce: number): Promise<void> {
  const contender = await filled(open, size);
  const times = size === '100 KB' ? 200 : 3_000;
  let round = 0;
  const values = Array.from(shuffled(keyCount[size], times), (index) => ({
    key: keyOf(index),
    index,
  }));
  const entries = values.map(({ key, index }) => [key, payload(index + 1, sizes[size])] as const);
  await probe.time(times, async () => {
    round++;
    for (let start = 0; start < times; start += atOnce) {
      const slice = entries.slice(start, start + atOnce);
      if (atOnce === 1) await contender.set(slice[0]?.[0] ?? '', slice[0]?.[1]);
      else await Promise.all(slice.map(([key, value]) => contender.set(key, value)));
    }
  });
  assert.ok(round > 0);
  const [key, value] = entries.at(-1) ?? ['', undefined];
  assert.deepEqual(await contender.get(key), value);
}

export const suite: Suite<Open> = {
  contenders: Object.fromEntries(
    Object.entries(contenders).map(([name, open]) => [name, () => open]),
  ),
  cases: {
    'get 1 KB': (open, probe) => measureGet(open, probe, '1 KB'),
    miss: measureMiss,
    'set 1 KB': (open, probe) => measureSet(open, probe, '1 KB', 1),
    'set 1 KB, 50 at once': (open, probe) => measureSet(open, probe, '1 KB', 50),
  },
};
