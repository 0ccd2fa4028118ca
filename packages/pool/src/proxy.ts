import type { Agent, Dispatcher } from 'undici';
import { DispatcherBase } from './dispatcher/dispatcher-base.ts';
import type { HttpPoolOptions } from './pool-options.ts';
import { describeUrl } from './request/describe-input.ts';
import { undici } from './undici-library.ts';

/** The dispatcher that reaches servers through the proxy asked for, if one is. */
export function proxyDispatcher(options: HttpPoolOptions): Dispatcher | undefined {
  const { proxy } = options;
  if (proxy === undefined) return undefined;
  if (proxy !== 'env') checkUrl(proxy);
  return new LazyProxy(() => createAgent(proxy, options));
}

const proxyProtocol = /^(?:https?|socks5?):$/;

function checkUrl(proxy: string): void {
  const url = URL.parse(proxy);
  if (url !== null && proxyProtocol.test(url.protocol)) return;
  const came = url === null ? describeUrl(proxy) : `one that begins with "${url.protocol}"`;
  throw new TypeError(`proxy must be a URL such as "http://127.0.0.1:8080", or "env", got ${came}`);
}

function createAgent(
  proxy: string,
  { maxConnectionsPerOrigin, connectTimeoutMs, connect }: HttpPoolOptions,
): Dispatcher {
  const timeout = connectTimeoutMs === undefined ? 30_000 : Math.ceil(connectTimeoutMs);
  const options: Agent.Options & { proxyTunnel: boolean } = {
    connections: maxConnectionsPerOrigin ?? 10,
    connect: { ...(typeof connect === 'function' ? {} : connect), timeout },
    allowH2: false,
    // Only https needs a tunnel; undici 7 would make one for http as well.
    proxyTunnel: false,
  };
  const { EnvHttpProxyAgent, ProxyAgent } = undici();
  return proxy === 'env'
    ? new EnvHttpProxyAgent(options)
    : new ProxyAgent({ ...options, uri: proxy });
}

/** Makes the dispatcher that does the work for the first request. */
class LazyProxy extends DispatcherBase {
  readonly #create: () => Dispatcher;
  #made: Dispatcher | undefined;

  constructor(create: () => Dispatcher) {
    super();
    this.#create = create;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    this.#made ??= this.#create();
    return this.#made.dispatch(options, handler);
  }

  override async destroy(): Promise<void> {
    await this.#made?.destroy();
  }
}
