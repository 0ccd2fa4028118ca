import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case, Probe } from '../harness/suite.ts';
import type { Contender, Open } from './contender.ts';
import { measureOpening } from './opening.ts';
import { keyCount, keyOf, payload, type Size, sizes } from './payload.ts';

/**
 * Numbers in an order that no cache of pages likes.
 *
 * @yields `times` numbers below `count`
 */
function* shuffled(count: number, times: number): Generator<number> {
  for (let step = 0, index = 0; step < times; step++) yield (index = (index + 7_919) % count);
}

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'store-bench-'));

async function put(contender: Contender, entries: readonly Entry[]): Promise<void> {
  if (contender.setMany !== undefined) await contender.setMany(entries);
  else await Promise.all(entries.map(([key, value]) => contender.set(key, value)));
}

type Entry = readonly [key: string, value: object];

function entriesOf(size: Size, from: number, to: number): Entry[] {
  return Array.from({ length: to - from }, (_, offset) => [
    keyOf(from + offset),
    payload(from + offset, sizes[size]),
  ]);
}

async function filled(open: Open, size: Size, folder = folderOf()): Promise<Contender> {
  const contender = await open(folder);
  const count = keyCount[size];
  for (let start = 0; start < count; start += 100) {
    await put(contender, entriesOf(size, start, Math.min(start + 100, count)));
  }
  return contender;
}

async function measureGet(open: Open, probe: Probe, size: Size): Promise<void> {
  const contender = await filled(open, size);
  const count = keyCount[size];
  for (const index of [0, 1, count - 1]) {
    assert.deepEqual(await contender.get(keyOf(index)), payload(index, sizes[size]));
  }
  const times = size === '100 KB' ? 200 : 4_000;
  const keys = Array.from(shuffled(count, times), keyOf);
  await probe.time(times, async () => {
    for (const key of keys) await contender.get(key);
  });
}

async function measureMiss(open: Open, probe: Probe): Promise<void> {
  const contender = await filled(open, '1 KB');
  assert.equal((await contender.get('missing')) ?? undefined, undefined);
  const keys = Array.from(shuffled(10_000, 5_000), (index) => `missing:${index}`);
  await probe.time(keys.length, async () => {
    for (const key of keys) await contender.get(key);
  });
}

async function measureGetMany(open: Open, probe: Probe): Promise<void> {
  const contender = await filled(open, '1 KB');
  const batches = Array.from({ length: 40 }, (_, batch) =>
    Array.from(shuffled(keyCount['1 KB'], 100), (index) => keyOf((index + batch) % 5_000)),
  );
  const answer = await contender.getMany?.(batches[0] ?? []);
  assert.equal(answer?.filter((value) => value !== undefined).length, 100);
  await probe.time(4_000, async () => {
    for (const batch of batches) await contender.getMany?.(batch);
  });
}

async function measureSet(
  open: Open,
  probe: Probe,
  size: Size,
  times: number,
  atOnce: number,
): Promise<void> {
  const contender = await filled(open, size);
  const entries = Array.from(shuffled(keyCount[size], times), (index): Entry => [
    keyOf(index),
    payload(index + 1, sizes[size]),
  ]);
  await probe.time(times, async () => {
    for (let start = 0; start < times; start += atOnce) {
      const [first, ...more] = entries.slice(start, start + atOnce);
      if (first === undefined) continue;
      if (more.length === 0) await contender.set(...first);
      else await Promise.all([first, ...more].map((entry) => contender.set(...entry)));
    }
  });
  const [key, value] = entries.at(-1) ?? ['', undefined];
  assert.deepEqual(await contender.get(key), value);
}

async function measureFill(open: Open, probe: Probe): Promise<void> {
  const entries = entriesOf('1 KB', 0, 5_000);
  await probe.time(5_000, async () => {
    const contender = await open(folderOf());
    for (let start = 0; start < 5_000; start += 500) {
      await put(contender, entries.slice(start, start + 500));
    }
    assert.deepEqual(await contender.get(keyOf(4_999)), entries.at(-1)?.[1]);
    await contender.close();
  });
}

async function measureOpen(open: Open, probe: Probe): Promise<void> {
  const folder = folderOf();
  const contender = await filled(open, '1 KB', folder);
  await measureOpening({ open, folder, contender, count: keyCount['1 KB'] }, probe);
}

/** What every store does, over a medium that holds `keyCount` entries. */
export const storeCases: Readonly<Record<string, Case<Open>>> = {
  'get, 100 B': (open, probe) => measureGet(open, probe, '100 B'),
  'get, 1 KB': (open, probe) => measureGet(open, probe, '1 KB'),
  'get, 100 KB': (open, probe) => measureGet(open, probe, '100 KB'),
  miss: measureMiss,
  'getMany of 100, 1 KB': measureGetMany,
  'set, 100 B': (open, probe) => measureSet(open, probe, '100 B', 1_000, 1),
  'set, 1 KB': (open, probe) => measureSet(open, probe, '1 KB', 1_000, 1),
  'set, 100 KB': (open, probe) => measureSet(open, probe, '100 KB', 50, 1),
  'set 50 at once, 1 KB': (open, probe) => measureSet(open, probe, '1 KB', 1_000, 50),
  'fill, 1 KB': measureFill,
  'open, 5,000 of 1 KB': measureOpen,
};
