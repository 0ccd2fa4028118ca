// Loaded ahead of the programs of the documents. Their connections to hosts below `.example` go to the
// stand-in, and none leaves the machine. Servers that they start get a free port and a request or two,
// and keep nobody waiting.
import net from 'node:net';
import tls from 'node:tls';

interface Target {
  host?: string;
  port?: number | string;
}

const isMadeUp = (host: string | undefined): boolean => host?.endsWith('.example') ?? false;
const isLocal = (host: string): boolean => /^(?:localhost|127\.0\.0\.1|::1)$/.test(host);

const connectSecurely = tls.connect.bind(tls) as (...args: unknown[]) => tls.TLSSocket;
tls.connect = ((options: Target, ...rest: unknown[]) => {
  if (!isMadeUp(options.host)) return connectSecurely(options, ...rest);
  const port = Number(process.env['STAND_IN_SECURE_PORT']);
  const here = { ...options, host: '127.0.0.1', port, rejectUnauthorized: false };
  return connectSecurely(here, ...rest);
}) as typeof tls.connect;

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [first] = args;
  const target = (Array.isArray(first) ? first[0] : first) as Target;
  if (isMadeUp(target.host)) {
    target.host = '127.0.0.1';
    target.port = Number(process.env['STAND_IN_PORT']);
  } else if (target.host !== undefined && !isLocal(target.host)) {
    throw new Error(`documents call hosts below .example only, not ${target.host}`);
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
  const listener = args.find((argument) => typeof argument === 'function');
  const onListening = (): void => {
    this.unref();
    if (typeof listener === 'function') Reflect.apply(listener, this, []);
    void visit(this.address() as net.AddressInfo);
  };
  return Reflect.apply(listen, this, [0, '127.0.0.1', onListening]);
} as typeof listen;

async function visit({ port }: net.AddressInfo): Promise<void> {
  for (const path of ['/', '/metrics']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
    await response.text();
  }
}
