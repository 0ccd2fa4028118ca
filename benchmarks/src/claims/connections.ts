import assert from 'node:assert/strict';
import { HttpPool } from '@x/performance';
import { type BenchServer, startServer } from '../pool/server.ts';
import type { Claim } from './claim.ts';

const requests = 200;
const rounds = 7;

/** Mean milliseconds of a request, one after the other, with every connection that is opened for them. */
async function timeRequests(
  server: BenchServer,
  maxRequestsPerConnection: number,
): Promise<number> {
  await using pool = new HttpPool({ connect: { ca: server.ca }, maxRequestsPerConnection });
  const url = `${server.origins[0]}/plain`;
  const startedAt = performance.now();
  for (let index = 0; index < requests; index++) {
    assert.equal((await pool.get(url).bytes()).length, server.plainBytes);
  }
  const elapsedMs = performance.now() - startedAt;
  const expected = maxRequestsPerConnection === 1 ? requests : 1;
  assert.equal(pool.stats().connectionsOpened, expected);
  return elapsedMs / requests;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] as number;
}

async function compare(tls: boolean): Promise<{ separateMs: number; pooledMs: number }> {
  await using server = await startServer({ tls });
  const separate: number[] = [];
  const pooled: number[] = [];
  for (let round = 0; round < rounds; round++) {
    separate.push(await timeRequests(server, 1));
    pooled.push(await timeRequests(server, Infinity));
  }
  return { separateMs: median(separate), pooledMs: median(pooled) };
}

const saving = ({ separateMs, pooledMs }: { separateMs: number; pooledMs: number }): number =>
  (1 - pooledMs / separateMs) * 100;

export const connections: Claim = {
  claim: 'a pool of connections saves most of what connections cost',
  how: `${requests} requests over TLS on the loopback interface, over one connection or over one each, first handshake included: the share of their time that the pool saves`,
  unit: '% saved',
  better: 'more',
  must: 50,
  goal: 80,
  async measure() {
    const tls = await compare(true);
    const plain = await compare(false);
    return {
      figure: saving(tls),
      details: {
        tlsSeparateMs: tls.separateMs,
        tlsPooledMs: tls.pooledMs,
        plainSeparateMs: plain.separateMs,
        plainPooledMs: plain.pooledMs,
        percentSavedWithoutTls: saving(plain),
      },
    };
  },
};
