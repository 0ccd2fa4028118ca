import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeStoreCoordination, temporaryFolder } from '@x/testkit';
import { expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import * as overBetterSqlite3 from './fixtures/opener-better-sqlite3.ts';
import * as overNodeSqlite from './fixtures/opener-node-sqlite.ts';

describeStoreCoordination('SqliteStore', overBetterSqlite3);
describeStoreCoordination('SqliteStore over node:sqlite', overNodeSqlite);

it('SqliteStore.lease begins anew when the database of the leases is damaged', async () => {
  const path = join(temporaryFolder(), 'cache.db');
  writeFileSync(`${path}-leases`, 'garbage');
  const store = await SqliteStore.open({ path });

  expect(await store.lease('a', 60_000)).toBeDefined();
  writeFileSync(`${path}-leases`, Buffer.alloc(8_192, 'x'));
  await store.lease('b', 60_000);
  expect(await store.lease('b', 60_000)).toBeUndefined();
  await store.close();
});
