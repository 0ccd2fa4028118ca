/** What the environment says. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** The registry that is asked, ending in `/`. */
  readonly upstream: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws TypeError for a variable that cannot be used, naming it */
export function readSettings(env: Environment): Settings {
  const { HOST: host = '127.0.0.1', PORT: port = '3000', UPSTREAM: upstream } = env;
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new TypeError(`PORT must be a number from 0 to 65535, got "${port}"`);
  }
  const address = upstream ?? 'https://registry.npmjs.org/';
  if (!URL.canParse(address)) throw new TypeError(`UPSTREAM must be a URL, got "${address}"`);
  return { host, port: Number(port), upstream: address.endsWith('/') ? address : `${address}/` };
}
