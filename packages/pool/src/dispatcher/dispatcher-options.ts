import { type Clock, numberOption, systemClock, textOption } from '@x/interfaces';
import type { buildConnector, Dispatcher } from 'undici';

export interface BoundedDispatcherOptions {
  /** Most connections to one origin. @defaultValue 10 */
  readonly maxConnectionsPerOrigin?: number | undefined;
  /** Most connections to all origins together. @defaultValue 100 */
  readonly maxTotalConnections?: number | undefined;
  /** Longest wait for a free connection, in milliseconds. @defaultValue 30000 */
  readonly acquireTimeoutMs?: number | undefined;
  /** Most requests that wait for a connection; one more is refused at once. @defaultValue `Infinity` */
  readonly maxQueue?: number | undefined;
  /** Longest time to open a connection, in milliseconds. @defaultValue 30000 */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Longest time without an answer or without data, in milliseconds, for requests that bring no
   * `headersTimeout` and `bodyTimeout` of their own; undici fires it up to a second late.
   * @defaultValue 30000
   */
  readonly readTimeoutMs?: number | undefined;
  /** How long an idle connection is kept, in milliseconds, unless the server asks for less. @defaultValue 4000 */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Requests that an origin may go on sending over a connection while other origins wait for one.
   * Low is fairer, high opens fewer connections.
   * @defaultValue 16
   */
  readonly quantum?: number | undefined;
  /** What undici's connector takes, such as `ca` or `rejectUnauthorized`; no `timeout` and no `allowH2`. */
  readonly connect?: buildConnector.BuildOptions | undefined;
  /**
   * Another dispatcher that holds the sockets, such as a `ProxyAgent`. The caps then count requests
   * under way instead of sockets. It is closed together with this one.
   */
  readonly via?: Dispatcher | undefined;
  /** Names the dispatcher in messages. @defaultValue `'http'` */
  readonly name?: string | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

/** Options as checked, with their defaults. */
export interface DispatcherSettings {
  readonly maxConnectionsPerOrigin: number;
  readonly maxTotalConnections: number;
  readonly acquireTimeoutMs: number;
  readonly maxQueue: number;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly quantum: number;
  readonly name: string;
  readonly clock: Clock;
}

const atLeastOne = { min: 1, integer: true };
const duration = { above: 0 };

export function dispatcherSettings(options: BoundedDispatcherOptions): DispatcherSettings {
  const { maxConnectionsPerOrigin, maxTotalConnections, quantum, maxQueue } = options;
  return {
    maxConnectionsPerOrigin: numberOption(
      'maxConnectionsPerOrigin',
      maxConnectionsPerOrigin,
      10,
      atLeastOne,
    ),
    maxTotalConnections: numberOption('maxTotalConnections', maxTotalConnections, 100, atLeastOne),
    acquireTimeoutMs: numberOption('acquireTimeoutMs', options.acquireTimeoutMs, 30_000, duration),
    maxQueue: numberOption('maxQueue', maxQueue, Infinity, { min: 0, integer: true }),
    connectTimeoutMs: numberOption('connectTimeoutMs', options.connectTimeoutMs, 30_000, duration),
    readTimeoutMs: numberOption('readTimeoutMs', options.readTimeoutMs, 30_000, duration),
    idleTimeoutMs: numberOption('idleTimeoutMs', options.idleTimeoutMs, 4_000, duration),
    quantum: numberOption('quantum', quantum, 16, atLeastOne),
    name: textOption('name', options.name, 'http'),
    clock: options.clock ?? systemClock,
  };
}
