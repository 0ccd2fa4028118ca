import type { Suite } from '../harness/suite.ts';
import type { Open } from './contender.ts';
import { sqliteStore } from './ours.ts';
import { betterSqlite3Floor } from './sqlite-floor.ts';
import {
  bentocacheSqlite,
  cacheableSqlite,
  cacheManagerSqlite,
  keyvSqlite,
} from './sqlite-peers.ts';
import { storeCases } from './store-cases.ts';

const contenders: Record<string, Open> = {
  floor: betterSqlite3Floor,
  ours: (folder) => sqliteStore(folder, 'better-sqlite3'),
  'ours, node:sqlite': (folder) => sqliteStore(folder, 'node:sqlite'),
  'keyv 6': keyvSqlite,
  cacheable: cacheableSqlite,
  'cache-manager': cacheManagerSqlite,
  bentocache: bentocacheSqlite,
};

export const suite: Suite<Open> = {
  contenders: Object.fromEntries(
    Object.entries(contenders).map(([name, open]) => [name, () => open]),
  ),
  cases: storeCases,
  leftOut: ['floor', 'bentocache'].map((name) => `${name}: getMany of 100, 1 KB`),
};
