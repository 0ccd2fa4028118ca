import type { Suite } from '../harness/suite.ts';
import type { Open } from './contender.ts';
import { fileFloor } from './file-floors.ts';
import {
  bentocacheFiles,
  cacacheFiles,
  flatCacheFile,
  keyvFiles,
  unstorageFiles,
} from './file-peers.ts';
import { fileStore } from './ours.ts';
import { storeCases } from './store-cases.ts';

const contenders: Record<string, Open> = {
  floor: fileFloor,
  ours: fileStore,
  cacache: cacacheFiles,
  'keyv-file': keyvFiles,
  unstorage: unstorageFiles,
  bentocache: bentocacheFiles,
  'flat-cache': flatCacheFile,
};

/** The others have no call for many keys. */
const { 'getMany of 100, 1 KB': _getMany, ...cases } = storeCases;

export const suite: Suite<Open> = {
  contenders: Object.fromEntries(
    Object.entries(contenders).map(([name, open]) => [name, () => open]),
  ),
  cases,
  // It writes the whole cache with each entry, a second for each.
  leftOut: ['set, 1 KB', 'set, 100 KB', 'set, 100 B', 'set 50 at once, 1 KB'].map(
    (name) => `flat-cache: ${name}`,
  ),
};
