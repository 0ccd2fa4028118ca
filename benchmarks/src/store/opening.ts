import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Probe } from '../harness/suite.ts';
import type { Contender, Open } from './contender.ts';
import { keyOf, payload, sizes } from './payload.ts';

const opens = 10;

/** Bytes of all files below `folder`: as they say, and as they take them from the disk in whole blocks. */
function bytesIn(folder: string): { readonly said: number; readonly taken: number } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .filter((found) => found.isFile());
  const sum = (of: (size: { size: number; blocks: number }) => number): number =>
    files.reduce((bytes, file) => bytes + of(file), 0);
  return { said: sum(({ size }) => size), taken: sum(({ blocks }) => blocks * 512) };
}

/**
 * How long it takes to open what another left, until the first answer, and how much room that takes.
 *
 * @param contender - was filled with entries of 1 KB; it is closed
 * @param count - of the entries
 */
export async function measureOpening(
  { open, folder, contender, count }: OpeningOptions,
  probe: Probe,
): Promise<void> {
  await contender.close();
  const { said, taken } = bytesIn(folder);
  probe.record('bytesPerEntry', said / count);
  probe.record('diskBytesPerEntry', taken / count);
  const times: number[] = [];
  const value = payload(7, sizes['1 KB']);
  await probe.time(opens, async () => {
    for (let index = 0; index < opens; index++) {
      const start = process.hrtime.bigint();
      const again = await open(folder);
      assert.deepEqual(await again.get(keyOf(7)), value);
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
      await again.close();
    }
  });
  probe.record('openMs', times.sort((one, other) => one - other)[times.length >> 1] ?? NaN);
}

interface OpeningOptions {
  readonly open: Open;
  readonly folder: string;
  readonly contender: Contender;
  readonly count: number;
}
