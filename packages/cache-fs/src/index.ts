export { FileStore } from './file-store.ts';
export type { DamagedEntryEvent, FileStoreEvents, FileStoreOptions } from './file-store-options.ts';
