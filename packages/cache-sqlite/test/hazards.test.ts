import { describeStoreHazards } from '@x/testkit';
import * as overBetterSqlite3 from './fixtures/opener-better-sqlite3.ts';
import * as overNodeSqlite from './fixtures/opener-node-sqlite.ts';

describeStoreHazards('SqliteStore', overBetterSqlite3.open);
describeStoreHazards('SqliteStore over node:sqlite', overNodeSqlite.open);
