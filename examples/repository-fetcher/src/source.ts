import { createHash } from 'node:crypto';
import { HttpPool } from '@x/performance';
import { UpstreamServer } from '@x/testkit/upstream';
import { proxySetting } from './proxy.ts';
import { readRegistryAddress } from './registry-address.ts';

/** Where packages are read from. */
export interface Source extends AsyncDisposable {
  /** Names the cache of this source: what one answers must not be taken for another's. */
  readonly id: string;
  readonly description: string;
  /** Ends in `/`. */
  readonly address: string;
}

const probeTimeoutMs = 10_000;

/** A registry of made-up packages on this machine: slow, at times busy, at times failing. */
async function openEmbeddedSource(): Promise<Source> {
  const server = await UpstreamServer.start({
    latencyMs: { min: 20, max: 120 },
    errorRate503: 0.03,
    tooManyRequestsRate: 0.02,
  });
  return {
    id: 'embedded',
    description: 'the embedded server on this machine',
    address: `${server.origins[0]}/`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Why the registry at `address` cannot be used; `undefined` when it answers as one. */
async function whyUnusable(
  address: string,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pool = new HttpPool({
    maxRetries: 1,
    totalTimeoutMs: probeTimeoutMs,
    proxy: proxySetting(),
  });
  try {
    const url = `${address}${name.replace('/', '%2f')}`;
    const { status } = await pool.get(url, { signal, throwOnStatus: false });
    const refuses = status === 401 || status === 403 || status >= 500;
    return refuses ? `it answers ${status}` : undefined;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  } finally {
    await pool.close();
  }
}

async function openRegistry(probeName: string, signal: AbortSignal): Promise<Source> {
  const address = await readRegistryAddress();
  const problem = await whyUnusable(address, probeName, signal);
  if (problem !== undefined) throw new Error(problem);
  return {
    id: `registry-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`,
    description: 'the registry that npm is configured for',
    address,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** How a source is chosen. */
export interface SourceOptions {
  /** Ask the embedded server and nobody else. */
  readonly offline: boolean;
  /** A package to ask for, to see whether the registry answers. */
  readonly probeName: string;
  readonly signal: AbortSignal;
  readonly say: (message: string) => void;
}

/** The user's registry, or the embedded server where that is wanted or the registry cannot be used. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { offline, probeName, signal, say } = options;
  if (offline) return openEmbeddedSource();
  try {
    return await openRegistry(probeName, signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    say(`The registry cannot be used (${reason}). Going on with the embedded server.`);
    return openEmbeddedSource();
  }
}
