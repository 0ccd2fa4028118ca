export type { ConnectionMessage, RequestMessage, RetryMessage } from './channels.ts';
export {
  type BoundedDispatchHandler,
  type BoundedDispatchOptions,
  type ConnectionListener,
  connectionListener,
  type ConnectionUse,
} from './dispatcher/admitted-request.ts';
export {
  BoundedDispatcher,
  type CloseOptions,
  type DispatcherEvents,
  type DispatcherStats,
} from './dispatcher/bounded-dispatcher.ts';
export type { Connector } from './dispatcher/connection.ts';
export type { BoundedDispatcherOptions } from './dispatcher/dispatcher-options.ts';
export { AcquireTimeoutError, PoolQueueFullError } from './dispatcher/queue-errors.ts';
export type { CloseReason } from './dispatcher/scheduler.ts';
export {
  BlockedAddressError,
  InvalidJsonError,
  PoolCircuitOpenError,
  PoolClosedError,
  PoolError,
  RedirectError,
  RequestError,
  type RequestFacts,
  ResponseTooLargeError,
  StatusError,
} from './errors.ts';
export { HttpClient } from './http-client.ts';
export { HttpPool, type PoolStats } from './http-pool.ts';
export { PendingResponse } from './pending-response.ts';
export type { HttpPoolOptions } from './pool-options.ts';
export type { PoolCounts } from './pool-metrics.ts';
export { PoolResponse, type RequestTimings } from './pool-response.ts';
export type { HeadersInput } from './request-headers.ts';
export type { RequestParameters, RequestOptions } from './request-options.ts';
export type { RetriesEnd } from './retries-end.ts';
export {
  AttemptTimeoutError,
  BodyTimeoutError,
  ConnectTimeoutError,
  HeadersTimeoutError,
  TotalTimeoutError,
} from './timeout-errors.ts';
