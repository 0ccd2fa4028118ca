import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ManualClock, temporaryFolder } from '@x/testkit';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type DriverName, SqliteStore } from '../src/index.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });

async function openTwo(driver: DriverName) {
  const path = join(temporaryFolder(), 'cache.db');
  const clock = new ManualClock();
  const store = await SqliteStore.open({ path, clock, driver });
  const other = await SqliteStore.open({ path, clock, driver });
  await store.set('a', entry('old'));
  return { path, clock, store, other };
}

/** Removes every entry at once, as no store could within a callback. */
function removeAll(path: string): void {
  const database = new Database(path);
  database.exec('DELETE FROM entries');
  database.close();
}

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])(
  'SqliteStore.get over %s',
  (driver) => {
    it('sees what another store changed, however often it was called before', async () => {
      const { store, other } = await openTwo(driver);
      for (let round = 0; round < 5; round++) {
        for (let read = 0; read < 4; read++) await store.get('a');
        await other.set('a', entry(round));
        expect(await store.get('a')).toMatchObject({ value: round });
      }
      for (let read = 0; read < 4; read++) await store.get('a');
      await other.delete('a');

      expect(await store.get('a')).toBeUndefined();
      await store.close();
      await other.close();
    });

    it('answers as of one moment within one callback of the event loop, and of the next one after', async () => {
      const { path, store, other } = await openTwo(driver);
      await store.get('a');
      await store.get('a');
      removeAll(path);
      expect(await store.get('a')).toMatchObject({ value: 'old' });

      await setImmediate();

      expect(await store.get('a')).toBeUndefined();
      await store.close();
      await other.close();
    });

    it('sees what was changed meanwhile in a callback that takes longer than a millisecond', async () => {
      const { path, clock, store, other } = await openTwo(driver);
      await store.get('a');
      await store.get('a');
      removeAll(path);
      clock.advance(1);

      expect(await store.get('a')).toBeUndefined();
      await store.close();
      await other.close();
    });

    it('holds no lock after its callback, so that others can shorten the log', async () => {
      const { path, store, other } = await openTwo(driver);
      for (let read = 0; read < 4; read++) await store.get('a');
      await setImmediate();
      await other.set('b', entry(1));

      await other.compact();

      expect(statSync(`${path}-wal`).size).toBe(0);
      await store.close();
      await other.close();
    });

    it('can be followed by a close in the same callback', async () => {
      const { store, other } = await openTwo(driver);
      await store.get('a');
      await store.get('a');
      await store.close();
      await setImmediate();

      expect(await other.get('a')).toMatchObject({ value: 'old' });
      await other.close();
    });
  },
);
