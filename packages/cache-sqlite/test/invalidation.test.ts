import { describeStoreInvalidation, describeStoreModel } from '@x/testkit';
import * as overBetterSqlite3 from './fixtures/opener-better-sqlite3.ts';
import * as overNodeSqlite from './fixtures/opener-node-sqlite.ts';

describeStoreInvalidation('SqliteStore', overBetterSqlite3.open);
describeStoreInvalidation('SqliteStore over node:sqlite', overNodeSqlite.open);
describeStoreModel('SqliteStore', overBetterSqlite3.open);
