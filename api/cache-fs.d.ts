import { Awaitable, CallOptions, Entry, EntryInfo, EntryQuery, EventSource, InvalidationTarget, KeysOptions, Listener, PersistentStore, PersistentStoreEvents, PurgeOptions, PurgeRequest, SetOptions, StoreChanges, StoreLease, StoreStats, Verification } from "@x/interfaces";

import { PersistentStoreOptions } from "@x/store-kit";

interface EntryDamageEvent {
    readonly path: string;
    readonly reason: string;
}

declare class FileStore implements PersistentStore, EventSource<FileStoreEvents> {
    #private;
    readonly name: string;
    static open(options: FileStoreOptions): Promise<FileStore>;
    private constructor();
    on<Name extends keyof FileStoreEvents>(name: Name, listener: Listener<FileStoreEvents[Name]>): Disposable;
    get(key: string, options?: CallOptions): Awaitable<Entry | undefined>;
    getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry | undefined)[]>;
    set(key: string, entry: Entry, options?: SetOptions): Promise<void>;
    setMany(entries: Iterable<readonly [
        key: string,
        entry: Entry
    ]>, options?: SetOptions): Promise<void>;
    delete(key: string, options?: CallOptions): Promise<boolean>;
    deleteMany(keys: readonly string[], options?: CallOptions): Promise<number>;
    invalidate(target: InvalidationTarget, options?: CallOptions): Promise<undefined>;
    keys(options?: KeysOptions): AsyncGenerator<string>;
    clear(options?: CallOptions): Promise<void>;
    purgeExpired(options?: PurgeOptions): Promise<number>;
    purge(request: PurgeRequest): Promise<number>;
    query(query?: EntryQuery): Promise<EntryInfo[]>;
    verify(): Promise<FolderVerification>;
    compact(): Promise<void>;
    stats(): Promise<StoreStats>;
    mark(): Awaitable<number>;
    changesSince(cursor: number): Awaitable<StoreChanges>;
    lease(key: string, ttlMs: number): Promise<StoreLease | undefined>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface FileStoreEvents extends PersistentStoreEvents {
    readonly damage: EntryDamageEvent;
    readonly replace: FolderReplaceEvent;
}

interface FileStoreOptions extends PersistentStoreOptions {
    readonly directory: string;
    readonly name?: string | undefined;
}

interface FolderReplaceEvent {
    readonly directory: string;
}

interface FolderVerification extends Verification {
    readonly orphans: number;
}

export { FileStore };

export type { EntryDamageEvent, FileStoreEvents, FileStoreOptions, FolderReplaceEvent, FolderVerification };
