export { FileStore } from './file-store.ts';
export type {
  DamagedEntryEvent,
  FileStoreEvents,
  FileStoreOptions,
  FolderReplacedEvent,
} from './file-store-options.ts';
export type { FolderVerification } from './verification.ts';
