import { Awaitable, CallOptions, Entry, EntryInfo, EntryQuery, EventSource, InvalidationTarget, KeysOptions, Listener, PersistentStore, PersistentStoreEvents, PurgeOptions, PurgeRequest, SetOptions, StoreChanges, StoreLease, StoreStats, Verification } from "@x/interfaces";

import { PersistentStoreOptions } from "@x/store-kit";

interface DatabaseReplaceEvent {
    readonly path: string;
    readonly movedTo: string | undefined;
    readonly cause: unknown;
}

interface DatabaseVerification extends Verification {
    readonly problems: readonly string[];
}

type DriverName = "better-sqlite3" | "node:sqlite";

interface RowDamageEvent {
    readonly key: string;
    readonly reason: string;
}

declare class SqliteStore implements PersistentStore, EventSource<SqliteStoreEvents> {
    #private;
    readonly name: string;
    static open(options: SqliteStoreOptions): Promise<SqliteStore>;
    private constructor();
    on<Name extends keyof SqliteStoreEvents>(name: Name, listener: Listener<SqliteStoreEvents[Name]>): Disposable;
    get(key: string, options?: CallOptions): Awaitable<Entry | undefined>;
    getMany(keys: readonly string[], options?: CallOptions): Awaitable<(Entry | undefined)[]>;
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
    query(query?: EntryQuery): Promise<EntryInfo[]>;
    purge(request: PurgeRequest): Promise<number>;
    verify(): Promise<DatabaseVerification>;
    compact(): Promise<void>;
    stats(): Promise<SqliteStoreStats>;
    mark(): Awaitable<number>;
    changesSince(cursor: number): Awaitable<StoreChanges>;
    lease(key: string, ttlMs: number): Promise<StoreLease | undefined>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface SqliteStoreEvents extends PersistentStoreEvents {
    readonly damage: RowDamageEvent;
    readonly replace: DatabaseReplaceEvent;
}

interface SqliteStoreOptions extends PersistentStoreOptions {
    readonly path: string;
    readonly driver?: DriverName | undefined;
    readonly name?: string | undefined;
}

interface SqliteStoreStats extends StoreStats {
    readonly fileBytes: number;
}

export { SqliteStore };

export type { DatabaseReplaceEvent, DatabaseVerification, DriverName, RowDamageEvent, SqliteStoreEvents, SqliteStoreOptions, SqliteStoreStats };
