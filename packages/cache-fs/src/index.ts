export { FileStore } from './file-store.ts';
export type {
  EntryDamageEvent,
  FileStoreEvents,
  FileStoreOptions,
  FolderReplaceEvent,
} from './file-store-options.ts';
export type { FolderVerification } from './verification.ts';
