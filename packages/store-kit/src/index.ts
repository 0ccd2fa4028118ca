export { abortable } from './abortable.ts';
export { type Bounds, isWithin } from './bounds.ts';
export { type QuerySettings, querySettings } from './entry-query.ts';
export { expandHome } from './expand-home.ts';
export { checkLeaseTtl } from './lease-ttl.ts';
export { makeFolder } from './make-folder.ts';
export { type PurgeSettings, purgeSettings } from './purge.ts';
export {
  patternOf,
  type PatternStamp,
  type Stamp,
  type StampPattern,
  type StampTarget,
  targetsOf,
} from './stamp.ts';
export { StampSet } from './stamp-set.ts';
export {
  storeOptionNames,
  type PersistentStoreOptions,
  type StoreSettings,
  storeSettings,
} from './store-options.ts';
