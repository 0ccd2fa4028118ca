export { parseRetryAfter } from './call/retry-after.ts';
export type { ConnectionMessage, RequestMessage, RetryMessage } from './metrics/channels.ts';
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
export { AcquireTimeoutError } from './errors/acquire-timeout-error.ts';
export { PoolQueueFullError } from './errors/pool-queue-full-error.ts';
export type { CloseReason } from './dispatcher/scheduler.ts';
export { BlockedAddressError } from './errors/blocked-address-error.ts';
export { InvalidJsonError } from './errors/invalid-json-error.ts';
export { PoolCircuitOpenError } from './errors/pool-circuit-open-error.ts';
export { PoolClosedError } from './errors/pool-closed-error.ts';
export { PoolError } from './errors/pool-error.ts';
export { RedirectError } from './errors/redirect-error.ts';
export { RequestError } from './errors/request-error.ts';
export type { RequestFacts } from './errors/request-facts.ts';
export { ResponseTooLargeError } from './errors/response-too-large-error.ts';
export { StatusError } from './errors/status-error.ts';
export { HttpClient } from './http-client.ts';
export { HttpPool, type PoolStats } from './http-pool.ts';
export { PendingResponse } from './response/pending-response.ts';
export type { HttpPoolOptions } from './pool-options.ts';
export type { PoolCounts } from './metrics/pool-metrics.ts';
export { PoolResponse, type RequestTimings } from './response/pool-response.ts';
export type { HeadersInput } from './request/request-headers.ts';
export type { RequestOptions } from './request/request-options.ts';
export type { RequestParameters } from './request/request-parameters.ts';
export type { RetriesEnd } from './errors/retries-end.ts';
export { AttemptTimeoutError } from './errors/attempt-timeout-error.ts';
export { BodyTimeoutError } from './errors/body-timeout-error.ts';
export { ConnectTimeoutError } from './errors/connect-timeout-error.ts';
export { HeadersTimeoutError } from './errors/headers-timeout-error.ts';
export { TotalTimeoutError } from './errors/total-timeout-error.ts';
