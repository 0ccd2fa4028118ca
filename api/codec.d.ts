import { ToolkitError } from "@x/interfaces";

interface Codec {
    encode(value: unknown): Uint8Array;
    decode(frame: Uint8Array): unknown;
    encodeText(value: unknown): string | Uint8Array;
    decodeText(stored: string | Uint8Array): unknown;
}

interface CodecOptions {
    readonly compression?: Compression | undefined;
    readonly compressionThresholdBytes?: number | undefined;
    readonly maxEntryBytes?: number | undefined;
    readonly serializer?: Serializer | undefined;
}

type Compression = "none" | "deflate" | "zstd" | "brotli" | "fflate";

declare class EntryTooLargeError extends ToolkitError<"ERR_ENTRY_TOO_LARGE"> {
    readonly name: string;
    readonly code = "ERR_ENTRY_TOO_LARGE";
    readonly maxEntryBytes: number;
    constructor(maxEntryBytes: number, options?: ErrorOptions);
}

declare class InvalidFrameError extends ToolkitError<"ERR_INVALID_FRAME"> {
    readonly name: string;
    readonly code = "ERR_INVALID_FRAME";
    readonly reason: string;
    constructor(reason: string, options?: ErrorOptions);
}

interface Serializer {
    serialize(value: unknown): Uint8Array;
    deserialize(bytes: Uint8Array): unknown;
}

declare const compressions: readonly Compression[];

declare function createCodec(options?: CodecOptions): Codec;

export { EntryTooLargeError, InvalidFrameError, compressions, createCodec };

export type { Codec, CodecOptions, Compression, Serializer };
