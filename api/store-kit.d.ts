import { Codec, CodecOptions } from "@x/codec";

import { Clock, EntryInfo, EntryOrder, EntryQuery, InvalidationTarget, KeyPattern, Logger, OptionNames, PurgeRequest, PurgeStrategy } from "@x/interfaces";

interface Bounds {
    readonly maxEntries: number;
    readonly maxBytes: number;
}

type Comparison = (one: EntryInfo, other: EntryInfo) => number;

type PatternStamp = Extract<Stamp, {
    readonly pattern: StampPattern;
}>;

interface PersistentStoreOptions extends CodecOptions {
    readonly maxEntries?: number | undefined;
    readonly maxBytes?: number | undefined;
    readonly name?: string | undefined;
    readonly clock?: Clock | undefined;
    readonly logger?: Logger | undefined;
}

interface PurgeSettings {
    readonly by: PurgeStrategy;
    readonly limit: number;
    readonly bounds: Bounds;
}

interface QuerySettings {
    readonly orderBy: EntryOrder;
    readonly limit: number;
    readonly compare: Comparison;
    readonly matches: (entry: EntryInfo) => boolean;
}

type Stamp = StampTarget & {
    readonly position: number;
};

type StampPattern = Pick<KeyPattern, "literalPrefix" | "regexSource" | "regexFlags" | "matches">;

declare class StampSet {
    #private;
    get last(): number;
    get size(): number;
    get excess(): "tags" | "patterns" | undefined;
    add(stamp: Stamp): void;
    clear(): void;
    hides(key: string, tags: readonly string[] | null | undefined, position: number): boolean;
    oldestPattern(): PatternStamp | undefined;
    removeUpTo(upTo: number, withTags: boolean): number;
    [Symbol.iterator](): Generator<Stamp>;
}

type StampTarget = {
    readonly tag: string;
    readonly pattern?: undefined;
} | {
    readonly pattern: StampPattern;
    readonly tag?: undefined;
};

interface StoreSettings extends Bounds {
    readonly name: string;
    readonly clock: Clock;
    readonly logger: Logger | undefined;
    readonly codec: Codec;
}

declare function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T>;

declare function checkLeaseTtl(ttlMs: number): number;

declare function expandHome(path: string): string;

declare function isWithin(entries: number, bytes: number, bounds: Bounds): boolean;

declare function makeFolder(path: string): Promise<void>;

declare function patternOf(literalPrefix: string, regexSource: string, regexFlags: string): StampPattern;

declare function purgeSettings(request: PurgeRequest): PurgeSettings;

declare function querySettings(query: EntryQuery): QuerySettings;

declare const storeOptionNames: Required<Omit<OptionNames<PersistentStoreOptions>, "note">>;

declare function storeSettings(options: PersistentStoreOptions, defaultName: string): StoreSettings;

declare function targetsOf({ pattern, tags }: InvalidationTarget): StampTarget[];

export { StampSet, abortable, checkLeaseTtl, expandHome, isWithin, makeFolder, patternOf, purgeSettings, querySettings, storeOptionNames, storeSettings, targetsOf };

export type { Bounds, PatternStamp, PersistentStoreOptions, PurgeSettings, QuerySettings, Stamp, StampPattern, StampTarget, StoreSettings };
