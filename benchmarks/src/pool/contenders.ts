import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import makeFetchHappen from 'make-fetch-happen';
import { HttpPool } from '@x/pool';
import * as undici8 from 'undici';
import * as undici7 from 'undici-7';

export interface ClientOptions {
  readonly perOrigin: number;
  /** Where the client has such a limit. */
  readonly total: number;
  readonly retries: number;
  /** The certificate to trust. */
  readonly ca: string | undefined;
  /** Whether connections are kept. */
  readonly keepAlive: boolean;
}

/** One HTTP client, as its users would set it up. */
export interface Client {
  /** GETs the whole body; answers how many bytes it has. */
  readonly get: (url: string) => Promise<number>;
  /** The same, over a stream that is read chunk by chunk. */
  readonly stream?: (url: string) => Promise<number>;
}

export type Contender = (options: ClientOptions) => Client;

async function lengthOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of body) length += chunk.length;
  return length;
}

function ours({ perOrigin, total, retries, ca, keepAlive }: ClientOptions): Client {
  const pool = new HttpPool({
    maxConnectionsPerOrigin: perOrigin,
    maxTotalConnections: total,
    maxRetries: retries,
    connect: { ca },
    maxRequestsPerConnection: keepAlive ? Infinity : 1,
  });
  return {
    get: async (url) => (await pool.get(url).bytes()).length,
    stream: async (url) => lengthOf((await pool.get(url, { stream: true })).body),
  };
}

function undiciAgent(undici: typeof undici8, options: ClientOptions): undici8.Agent {
  return new undici.Agent({
    connections: options.perOrigin,
    connect: { ca: options.ca },
    allowH2: false,
    ...(options.keepAlive ? {} : { pipelining: 0 }),
  });
}

/** `Agent.request`, with undici's retries where some are asked for. */
function undiciRequest(undici: typeof undici8, options: ClientOptions): Client {
  const agent = undiciAgent(undici, options);
  const { retries } = options;
  const dispatcher =
    retries === 0
      ? agent
      : agent.compose(undici.interceptors.retry({ maxRetries: retries, minTimeout: 20 }));
  const send = (url: string): ReturnType<typeof undici8.request> => {
    const { origin, pathname: path } = new URL(url);
    return dispatcher.request({ origin, path, method: 'GET' });
  };
  return {
    get: async (url) => (await (await send(url)).body.arrayBuffer()).byteLength,
    stream: async (url) => lengthOf((await send(url)).body),
  };
}

function nodeHttp({ perOrigin, total, ca, keepAlive }: ClientOptions): Client {
  const limits = {
    keepAlive,
    maxSockets: perOrigin,
    maxTotalSockets: total,
    scheduling: 'lifo',
  } as const;
  const agents = { http: new HttpAgent(limits), https: new HttpsAgent({ ...limits, ca }) };
  const send = (url: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = url.startsWith('https:')
        ? httpsGet(url, { agent: agents.https }, resolve)
        : httpGet(url, { agent: agents.http }, resolve);
      request.on('error', reject);
    });
  const stream = async (url: string): Promise<number> => lengthOf(await send(url));
  return { get: stream, stream };
}

function fetching(
  fetch: (url: string, options: object) => Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>,
  options: object,
): Client {
  return { get: async (url) => (await (await fetch(url, options)).arrayBuffer()).byteLength };
}

export const contenders: Readonly<Record<string, () => Contender>> = {
  ours: () => ours,
  'undici 8 request': () => (options) => undiciRequest(undici8, options),
  'undici 7 request': () => (options) =>
    undiciRequest(undici7 as unknown as typeof undici8, options),
  'undici 8 fetch': () => (options) =>
    fetching(undici8.fetch, { dispatcher: undiciAgent(undici8, options) }),
  'node:http': () => nodeHttp,
  // Its connections are bounded by an agent of undici 7, which is the one in Node 24.
  'fetch of Node': () => (options) =>
    fetching(fetch, {
      dispatcher: undiciAgent(undici7 as unknown as typeof undici8, options),
    }),
  got: () => (options) => {
    const limits = { keepAlive: options.keepAlive, maxSockets: options.perOrigin };
    const totals = { ...limits, maxTotalSockets: options.total };
    const client = got.extend({
      agent: { http: new HttpAgent(totals), https: new HttpsAgent(totals) },
      retry: { limit: options.retries },
      https: options.ca === undefined ? {} : { certificateAuthority: options.ca },
    });
    return { get: async (url) => (await client.get(url).buffer()).length };
  },
  ky: () => (options) => {
    const client = ky.create({
      retry: options.retries,
      dispatcher: undiciAgent(undici7 as unknown as typeof undici8, options),
    } as object);
    return { get: async (url) => (await client.get(url).arrayBuffer()).byteLength };
  },
  axios: () => (options) => {
    const limits = {
      keepAlive: options.keepAlive,
      maxSockets: options.perOrigin,
      maxTotalSockets: options.total,
    };
    const client = axios.create({
      httpAgent: new HttpAgent(limits),
      httpsAgent: new HttpsAgent({ ...limits, ca: options.ca }),
      responseType: 'arraybuffer',
    });
    return { get: async (url) => (await client.get<Buffer>(url)).data.length };
  },
  'make-fetch-happen': () => (options) => {
    const { perOrigin: maxSockets, retries, ca } = options;
    const client = makeFetchHappen.defaults({ maxSockets, ca, retry: { retries } });
    return fetching(client, {});
  },
};
