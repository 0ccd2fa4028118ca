import { describeStoreProcesses } from '@x/testkit';
import * as overBetterSqlite3 from './fixtures/opener-better-sqlite3.ts';
import * as overNodeSqlite from './fixtures/opener-node-sqlite.ts';

describeStoreProcesses('SqliteStore', overBetterSqlite3);
describeStoreProcesses('SqliteStore over node:sqlite', overNodeSqlite);
