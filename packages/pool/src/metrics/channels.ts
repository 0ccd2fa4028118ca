import { type Channel, channel } from 'node:diagnostics_channel';
import type { CloseReason } from '../dispatcher/scheduler.ts';
import type { RequestTimings } from '../response/pool-response.ts';

/** Message of the channel `@x/pool:request`: a call of a pool's method has ended. */
export interface RequestMessage {
  readonly pool: string;
  readonly method: string;
  /** Without user, password, fragment and the values of the query. */
  readonly url: string;
  /** `undefined` when no answer came. */
  readonly status: number | undefined;
  readonly error: unknown;
  /** As of the response or the error: without free replays and the second requests of hedging. */
  readonly attempts: number;
  readonly durationMs: number;
  /** `undefined` when no answer came, and of `fetch`. */
  readonly timings: RequestTimings | undefined;
}

/** Message of the channel `@x/pool:retry`: a request will be sent again. */
export interface RetryMessage {
  readonly pool: string;
  readonly origin: string;
  /** A status, `timeout`, `network`, `replay` or `hedge`. */
  readonly reason: string;
}

/** Message of the channel `@x/pool:connection`: a connection was opened or closed. */
export interface ConnectionMessage {
  readonly pool: string;
  readonly origin: string;
  readonly event: 'open' | 'close';
  /** Of a connection that was opened. */
  readonly connectMs: number | undefined;
  /** Of a connection that was closed. */
  readonly reason: CloseReason | undefined;
}

export const requestChannel: Channel = channel('@x/pool:request');
export const retryChannel: Channel = channel('@x/pool:retry');
export const connectionChannel: Channel = channel('@x/pool:connection');
