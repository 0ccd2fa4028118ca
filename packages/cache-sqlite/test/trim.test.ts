import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ManualClock, temporaryFolder } from '@x/testkit';
import { expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';

it('SqliteStore keeps its list of changes short, and the last change of every key', async () => {
  const path = join(temporaryFolder(), 'cache.db');
  const clock = new ManualClock();
  const store = await SqliteStore.open({ path, clock });
  const keys = Array.from({ length: 50 }, (_, index) => `key:${index}`);
  const expiresAt = clock.now() + 10;
  for (let round = 0; round < 100; round++) {
    await store.setMany(keys.map((key) => [key, { value: round, createdAt: 0, expiresAt }]));
  }
  const database = new Database(path, { readonly: true });
  const changes = database.prepare('SELECT count(*) FROM changes').pluck().get();
  database.close();

  expect(changes).toBeLessThan(500);
  clock.advance(10);
  expect(await store.purgeExpired()).toBe(50);
  expect(await store.stats()).toMatchObject({ entries: 0, bytes: 0 });
  await store.close();
});
