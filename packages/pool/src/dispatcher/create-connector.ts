import { type LookupFunction, Socket } from 'node:net';
import { undici } from '../undici-library.ts';
import type { Connector } from './connection.ts';
import type { BoundedDispatcherOptions } from './dispatcher-options.ts';
import { isPrivateAddress, PrivateAddress, publicLookup } from './private-address.ts';

/** How sockets are opened: by undici's connector, which keeps the sessions of TLS, or by the caller's. */
export function createConnector({
  connect,
  socketPath,
  denyPrivate,
}: BoundedDispatcherOptions): Connector {
  if (typeof connect === 'function') return connect;
  const path = socketPath === undefined ? {} : { socketPath };
  const options = { ...connect, ...path, timeout: 0, allowH2: false };
  if (!denyPrivate) return lazyConnector(options);
  const { lookup } = (connect ?? {}) as { lookup?: LookupFunction };
  const guarded: object = { ...options, lookup: publicLookup(lookup) };
  return refusingPrivate(lazyConnector(guarded));
}

/** undici's connector, made for the first socket. */
function lazyConnector(options: object): Connector {
  let connector: Connector | undefined;
  return (target, callback) => {
    connector ??= undici().buildConnector(options) as Connector;
    return connector(target, callback);
  };
}

/** A lookup is not asked about a host that is an address, so that is looked at here. */
function refusingPrivate(connector: Connector): Connector {
  return (options, callback) => {
    if (!isPrivateAddress(options.hostname)) return connector(options, callback);
    const address = options.hostname.replace(/^\[|\]$/g, '');
    const socket = new Socket();
    queueMicrotask(() => {
      callback(new PrivateAddress(address), null);
      socket.destroy();
    });
    return socket;
  };
}
