import {
  checkOptionNames,
  type NameList,
  objectOption,
  type OptionNames,
  type PersistentStoreEvents,
  textOption,
} from '@x/interfaces';
import {
  type PersistentStoreOptions,
  storeOptionNames,
  type StoreSettings,
  storeSettings,
} from '@x/store-kit';

/** Options of {@link FileStore.open}. The journal takes some more bytes than `maxBytes`. */
export interface FileStoreOptions extends PersistentStoreOptions {
  /**
   * The folder that holds the entries; created when missing. A leading `~/` is the home directory.
   * Several processes may share it.
   */
  readonly directory: string;
  /** Names the store in messages. @defaultValue `'filesystem'` */
  readonly name?: string | undefined;
}

/** A file that was no intact entry, and has been removed. */
export interface EntryDamageEvent {
  /** Where it was. */
  readonly path: string;
  /** What was wrong with it. */
  readonly reason: string;
}

/** What a folder held is void: its journal was damaged or removed, or another folder took its place. */
export interface FolderReplaceEvent {
  /** The folder. */
  readonly directory: string;
}

/** The events of a {@link FileStore}. */
export interface FileStoreEvents extends PersistentStoreEvents {
  /** A damaged or foreign file was met in an entry's place. */
  readonly damage: EntryDamageEvent;
  /** The store goes on with what is in the folder now, which may be nothing. */
  readonly replace: FolderReplaceEvent;
}

export const fileStoreEventNames: NameList<FileStoreEvents> = {
  evict: true,
  purge: true,
  damage: true,
  replace: true,
};

/** Options as checked, with their defaults. */
export interface FileStoreSettings extends StoreSettings {
  readonly directory: string;
}

const optionNames: OptionNames<FileStoreOptions> = {
  known: { ...storeOptionNames.known, directory: true },
  misnamed: {
    ...storeOptionNames.misnamed,
    dir: 'directory',
    path: 'directory',
    folder: 'directory',
    basePath: 'directory',
    cacheDir: 'directory',
  },
};

/** @throws TypeError or RangeError when an option is wrong */
export function fileStoreSettings(options: FileStoreOptions): FileStoreSettings {
  objectOption('options', options, '{ directory }');
  checkOptionNames(options, optionNames);
  const directory = textOption('directory', options.directory, '');
  if (directory === '') throw new TypeError('directory must be given');
  return { directory, ...storeSettings(options, 'filesystem') };
}
