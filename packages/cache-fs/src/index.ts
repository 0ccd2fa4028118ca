export type {
  EntryInfo as FileEntryInfo,
  EntryOrder as FileEntryOrder,
  EntryQuery as FileEntryQuery,
} from './entry-query.ts';
export { FileStore } from './file-store.ts';
export type {
  DamagedEntryEvent,
  EvictedEvent as FilesEvictedEvent,
  FileStoreEvents,
  FileStoreOptions,
  FolderReplacedEvent,
  PurgedEvent as FilesPurgedEvent,
} from './file-store-options.ts';
export type {
  PurgeRequest as FilePurgeRequest,
  PurgeStrategy as FilePurgeStrategy,
} from './purge.ts';
export type { Verification as FolderVerification } from './verification.ts';
