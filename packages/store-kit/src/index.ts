export { abortable } from './abortable.ts';
export { type Bounds, isWithin } from './bounds.ts';
export { type CheckedQuery, checkQuery } from './entry-query.ts';
export { expandHome } from './expand-home.ts';
export { checkLeaseTtl } from './lease-ttl.ts';
export { makeFolder } from './make-folder.ts';
export { type CheckedPurge, checkPurge } from './purge.ts';
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
  type CheckedStoreOptions,
  checkStoreOptions,
  type PersistentStoreOptions,
  misnamedStoreOptions,
} from './store-options.ts';
