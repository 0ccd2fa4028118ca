import { type Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { HttpPoolOptions } from './pool-options.ts';

/** The dispatcher that reaches servers through the proxy asked for, if one is. */
export function proxyDispatcher({
  proxy,
  maxConnectionsPerOrigin,
  connectTimeoutMs,
  connect,
}: HttpPoolOptions): Dispatcher | undefined {
  if (proxy === undefined) return undefined;
  const timeout = connectTimeoutMs === undefined ? 30_000 : Math.ceil(connectTimeoutMs);
  const options: Agent.Options & { proxyTunnel: boolean } = {
    connections: maxConnectionsPerOrigin ?? 10,
    connect: { ...(typeof connect === 'function' ? {} : connect), timeout },
    allowH2: false,
    // Only https needs a tunnel; undici 7 would make one for http as well.
    proxyTunnel: false,
  };
  return proxy === 'env'
    ? new EnvHttpProxyAgent(options)
    : new ProxyAgent({ ...options, uri: proxy });
}
