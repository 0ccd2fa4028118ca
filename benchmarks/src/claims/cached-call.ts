import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, createCache, HttpPool } from '@x/performance';
import { type BenchServer, startServer } from '../pool/server.ts';
import type { Claim } from './claim.ts';

type Read = (id: number) => Promise<unknown>;

const keys = 100;
/** What the quicker services take over the Internet. */
const delayMs = 20;

/** Mean milliseconds of a call, awaited one after the other. */
async function timeCalls(read: Read, calls: number): Promise<number> {
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) await read(call % keys);
  return (performance.now() - startedAt) / calls;
}

export const cachedCall: Claim = {
  claim: 'a cached call is far faster than the slow call behind it',
  how: `a request to a server that answers after ${delayMs} ms, over warm connections, by a hit of \`cached\` in memory: mean times of calls one after the other`,
  unit: 'times faster',
  better: 'more',
  must: 90,
  goal: 1_000,
  async measure() {
    await using server = await startServer({});
    await using slowServer = await startServer({ delayMs });
    await using pool = new HttpPool();
    await using memory = await createCache();
    const directory = mkdtempSync(join(tmpdir(), 'claims-'));
    try {
      await using sqlite = await createCache({ backend: 'sqlite', directory });
      const readFrom =
        ({ origins }: BenchServer): Read =>
        () =>
          pool.get(`${origins[0]}/plain`).json();
      const read = readFrom(server);
      const fromMemory = cached(memory, { name: 'read' })(read);
      const fromSqlite = cached(sqlite, { name: 'read' })(read);
      await timeCalls(read, 1_000);
      for (const hit of [fromMemory, fromSqlite]) {
        for (let id = 0; id < keys; id++) assert.deepEqual(await hit(id), await read(id));
        await timeCalls(hit, 10_000);
      }
      const slowMs = await timeCalls(readFrom(slowServer), 100);
      const quickMs = await timeCalls(read, 2_000);
      const cachedMs = await timeCalls(fromMemory, 500_000);
      const cachedInSqliteMs = await timeCalls(fromSqlite, 50_000);
      return {
        figure: slowMs / cachedMs,
        details: {
          slowCallMicroseconds: slowMs * 1_000,
          quickestCallMicroseconds: quickMs * 1_000,
          cachedMicroseconds: cachedMs * 1_000,
          cachedInSqliteMicroseconds: cachedInSqliteMs * 1_000,
          timesFasterThanTheQuickest: quickMs / cachedMs,
          timesFasterInSqlite: slowMs / cachedInSqliteMs,
          timesFasterThanTheQuickestInSqlite: quickMs / cachedInSqliteMs,
        },
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
