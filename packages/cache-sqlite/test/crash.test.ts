import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type DriverName, SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';

const fixture = fileURLToPath(new URL('fixtures/write-until-killed.ts', import.meta.url));

/** Runs a writer, kills it after `count` acknowledged writes, and answers those. */
async function writeAndKill(
  path: string,
  name: string,
  count: number,
  driver: DriverName,
): Promise<Map<string, number>> {
  const child = spawn(process.execPath, ['--conditions=@x/source', fixture, path, name, driver], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = new Map<string, number>();
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [key = '', index = ''] = line.split(' ');
    acknowledged.set(key, Number(index));
    if (++lines === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])('SqliteStore over %s', (driver) => {
  it('has every acknowledged entry after kill -9, whole', async () => {
    const path = join(temporaryFolder(), 'cache.db');

    const counts = { a: 250, b: 300, c: 350, d: 400 };
    const writers = await Promise.all(
      Object.entries(counts).map(([name, count]) => writeAndKill(path, name, count, driver)),
    );

    const store = await SqliteStore.open({ path, driver });
    for (const acknowledged of writers) {
      expect(acknowledged.size).toBeGreaterThan(100);
      for (const [key, index] of acknowledged) {
        const value = (await store.get(key))?.value as { key: string; index: number; text: string };
        expect(value.key).toBe(key);
        // The writer may have been killed between a later write and its acknowledgement.
        expect(value.index % 200).toBe(index % 200);
        expect(value.index).toBeGreaterThanOrEqual(index);
        expect(value.text).toHaveLength(value.index % 3_000);
      }
    }
    await store.close();
  }, 30_000);
});
