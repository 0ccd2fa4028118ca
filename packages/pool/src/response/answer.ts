import type { Readable } from 'node:stream';

/** Headers of an answer by lower-case name, as undici hands them over. */
export type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What one attempt brought. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHeaders;
  /** Decoded. */
  readonly body: Uint8Array | Readable;
  readonly reusedConnection: boolean;
  readonly connectMs: number | undefined;
  readonly tlsMs: number | undefined;
  readonly firstByteMs: number;
  /** From the first byte to the end; `undefined` of a streamed body. */
  readonly bodyMs: number | undefined;
  /** Bytes of the body on the wire, as far as known. */
  readonly bytesReceived: number;
  /** Of a streamed body: settles when its connection is free again. */
  readonly over: Promise<void> | undefined;
}
