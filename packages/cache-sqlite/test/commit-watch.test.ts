import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StoreProcesses, temporaryFolder } from '@x/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CommitWatch } from '../src/changes/commit-watch.ts';
import { loadNodeSqlite } from '../src/database/node-sqlite-driver.ts';
import { SqliteStore } from '../src/index.ts';
import * as opener from './fixtures/opener-better-sqlite3.ts';

describe.runIf(process.platform === 'linux')('CommitWatch', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    path = join(folder, 'cache.db');
    await (await SqliteStore.open({ path })).close();
  });

  const connect = (): Database.Database => {
    const database = new Database(path);
    onTestFinished(() => {
      database.close();
    });
    database.pragma('user_version');
    return database;
  };

  it('is quiet until somebody commits', () => {
    const database = connect();
    const other = connect();
    const watch = CommitWatch.over(path);

    expect([watch?.isQuiet(), watch?.isQuiet()]).toEqual([false, true]);
    other.exec("INSERT INTO stamps VALUES (1, 'a', NULL, '', 0)");
    expect([watch?.isQuiet(), watch?.isQuiet()]).toEqual([false, true]);
    other.exec('BEGIN IMMEDIATE; DELETE FROM stamps; ROLLBACK');
    database.prepare('SELECT * FROM stamps').all();
    expect(watch?.isQuiet()).toBe(true);
  });

  it('sees what is committed at once after the log was brought in and begun anew', () => {
    const database = connect();
    const watch = CommitWatch.over(path);
    const version = (): unknown => database.pragma('data_version', { simple: true });
    const other = connect();
    for (const mode of ['PASSIVE', 'RESTART', 'TRUNCATE']) {
      other.exec("INSERT OR REPLACE INTO stamps VALUES (1, 'a', NULL, '', 0)");
      watch?.isQuiet();
      const before = version();
      other.pragma(`wal_checkpoint(${mode})`);
      watch?.isQuiet();
      other.exec("INSERT OR REPLACE INTO stamps VALUES (1, 'b', NULL, '', 0)");

      expect(watch?.isQuiet()).toBe(false);
      expect(version()).not.toBe(before);
    }
  });

  it('is never quiet when SQLite sees that other processes have committed', async () => {
    const processes = new StoreProcesses(opener, folder);
    const database = connect();
    const watch = CommitWatch.over(path);
    const version = database.prepare<[], number>('PRAGMA data_version').pluck();
    const others = [
      processes.start('write until killed', 'a'),
      processes.start('write until killed', 'b'),
      processes.start('purge until killed'),
    ];
    await Promise.all(others.map((other) => other.nextLine()));

    let known = -1;
    const seen = { quiet: 0, changed: 0, missed: 0 };
    for (let look = 0; look < 1e6 && Math.min(seen.quiet, seen.changed) < 500; look++) {
      const before = version.get();
      if (watch?.isQuiet() === true) {
        seen.quiet++;
        if (before !== known) seen.missed++;
      } else {
        seen.changed++;
        known = version.get() ?? -1;
      }
    }
    expect(seen.missed).toBe(0);
    expect(Math.min(seen.quiet, seen.changed)).toBe(500);
  });

  it('is not to be had where two copies of SQLite have the file open', () => {
    connect();
    const foreign = loadNodeSqlite().open(path, 0);
    onTestFinished(() => {
      foreign.close();
    });
    foreign.prepare('SELECT * FROM stamps').all();

    expect(CommitWatch.over(path)).toBeUndefined();
  });

  it('is not to be had without a file', () => {
    expect(CommitWatch.over(':memory:')).toBeUndefined();
    expect(CommitWatch.over(join(folder, 'none.db'))).toBeUndefined();
  });
});
