import {
  booleanOption,
  checkOptionNames,
  type Clock,
  clockOption,
  type NameList,
  numberOption,
  objectOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import type { buildConnector, Dispatcher } from 'undici';
import type { Connector } from './connection.ts';

/** How many connections a `BoundedDispatcher` opens, and how long it keeps them. */
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
   * How old a connection may become, in milliseconds: an older one carries no further request, so that
   * changes behind a name or a load balancer are noticed. @defaultValue `Infinity`
   */
  readonly maxConnectionAgeMs?: number | undefined;
  /** Most requests over one connection; at least 1. @defaultValue `Infinity` */
  readonly maxRequestsPerConnection?: number | undefined;
  /**
   * Requests that an origin may go on sending over a connection while other origins wait for one.
   * Low is fairer, high opens fewer connections.
   * @defaultValue 16
   */
  readonly quantum?: number | undefined;
  /**
   * What undici's connector takes, such as `ca`, `cert` or `rejectUnauthorized`; no `timeout` and no
   * `allowH2`. Or a function that opens a socket and answers it at once.
   */
  readonly connect?: buildConnector.BuildOptions | Connector | undefined;
  /** A Unix socket to connect to in place of the host of each URL. */
  readonly socketPath?: string | undefined;
  /**
   * Refuses connections to addresses that are not public, whether the URL names them or a name server
   * does: loopback, private and link-local ones and the like. For URLs that strangers choose.
   * @defaultValue `false`
   */
  readonly denyPrivate?: boolean | undefined;
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

/** The names of {@link BoundedDispatcherOptions} that a pool has, too. */
export const connectionOptionNames: NameList<Omit<BoundedDispatcherOptions, 'via'>> = {
  maxConnectionsPerOrigin: true,
  maxTotalConnections: true,
  acquireTimeoutMs: true,
  maxQueue: true,
  connectTimeoutMs: true,
  readTimeoutMs: true,
  idleTimeoutMs: true,
  maxConnectionAgeMs: true,
  maxRequestsPerConnection: true,
  quantum: true,
  connect: true,
  socketPath: true,
  denyPrivate: true,
  name: true,
  clock: true,
};

const optionNames: OptionNames<BoundedDispatcherOptions> = {
  known: { ...connectionOptionNames, via: true },
};

/** Options as checked, with their defaults. */
export interface DispatcherSettings {
  readonly maxConnectionsPerOrigin: number;
  readonly maxTotalConnections: number;
  readonly acquireTimeoutMs: number;
  readonly maxQueue: number;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnectionAgeMs: number;
  readonly maxRequestsPerConnection: number;
  readonly quantum: number;
  readonly name: string;
  readonly clock: Clock;
}

const atLeastOne = { min: 1, integer: true };
const duration = { above: 0 };

export function dispatcherSettings(options: BoundedDispatcherOptions): DispatcherSettings {
  objectOption('options', options, '{ maxTotalConnections }');
  checkOptionNames(options, optionNames);
  const { maxConnectionsPerOrigin, maxTotalConnections, quantum, maxQueue } = options;
  const { maxConnectionAgeMs, maxRequestsPerConnection } = options;
  const { connect, denyPrivate, socketPath, via } = options;
  checkConnect(connect);
  if (socketPath !== undefined) textOption('socketPath', socketPath, socketPath);
  const foreign = via !== undefined || socketPath !== undefined || typeof connect === 'function';
  if (booleanOption('denyPrivate', denyPrivate, false) && foreign) {
    throw new TypeError('denyPrivate goes with no proxy, via, socketPath or connect of your own');
  }
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
    maxConnectionAgeMs: numberOption('maxConnectionAgeMs', maxConnectionAgeMs, Infinity, duration),
    maxRequestsPerConnection: numberOption(
      'maxRequestsPerConnection',
      maxRequestsPerConnection,
      Infinity,
      atLeastOne,
    ),
    quantum: numberOption('quantum', quantum, 16, atLeastOne),
    name: textOption('name', options.name, 'http'),
    clock: clockOption(options.clock),
  };
}

/** Of what undici's connector takes, what is decided elsewhere would be overlooked. */
function checkConnect(connect: BoundedDispatcherOptions['connect']): void {
  if (connect === undefined || typeof connect === 'function') return;
  objectOption('connect', connect, '{ ca, rejectUnauthorized }');
  if (connect.timeout !== undefined) {
    throw new TypeError('timeout is not an option of connect; it is connectTimeoutMs, beside it');
  }
  if (connect.allowH2)
    throw new TypeError('connect.allowH2 must be left out; HTTP/2 is not offered');
}
