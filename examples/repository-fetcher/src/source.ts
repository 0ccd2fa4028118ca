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

async function whyUnreachable(address: string, name: string): Promise<string | undefined> {
  const pool = new HttpPool({
    maxRetries: 1,
    totalTimeoutMs: probeTimeoutMs,
    proxy: proxySetting(),
  });
  try {
    await pool.get(`${address}${name.replace('/', '%2f')}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await pool.close();
  }
}

/**
 * The user's registry, or the embedded server where that is wanted or the registry cannot be used.
 *
 * @param probeName - a package to ask for, to see whether the registry answers
 */
export async function openSource(
  offline: boolean,
  probeName: string,
  say: (message: string) => void,
): Promise<Source> {
  if (offline) return openEmbeddedSource();
  const address = await readRegistryAddress();
  const problem = await whyUnreachable(address, probeName);
  if (problem !== undefined) {
    say(`The registry cannot be used (${problem}). Going on with the embedded server.`);
    return openEmbeddedSource();
  }
  return {
    id: `registry-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`,
    description: 'the registry that npm is configured for',
    address,
    [Symbol.asyncDispose]: async () => {},
  };
}
