import assert from 'node:assert/strict';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Client, type Contender, contenders } from './contenders.ts';
import { quantile } from './load.ts';
import { startServer } from './server.ts';

const requests = 200;

async function median(client: Client, url: string): Promise<number> {
  const latencies: number[] = [];
  for (let request = 0; request < requests; request++) {
    const startedAt = performance.now();
    await client.get(url);
    latencies.push(performance.now() - startedAt);
  }
  return quantile(latencies, 0.5);
}

/** Time of a request, one after the other, over a kept connection and over a new one each. */
async function measure(contender: Contender, probe: Probe, tls: boolean): Promise<void> {
  await using server = await startServer({ tls });
  const url = `${server.origins[0]}/plain`;
  const options = { perOrigin: 1, total: 10, retries: 0, ca: server.ca };
  const [kept, fresh] = [true, false].map((keepAlive) => contender({ ...options, keepAlive }));
  assert.ok(kept !== undefined && fresh !== undefined);
  await median(kept, url);
  await median(fresh, url);
  const before = (await server.connections()).accepted;
  const keptMs = await median(kept, url);
  const freshMs = await median(fresh, url);
  assert.ok((await server.connections()).accepted - before >= requests);
  probe.record('keptMs', keptMs);
  probe.record('freshMs', freshMs);
  probe.record('savedPercent', 100 * (1 - keptMs / freshMs));
}

export const suite: Suite<Contender> = {
  contenders: Object.fromEntries(
    ['ours', 'undici 8 request', 'node:http'].map((name) => [
      name,
      contenders[name] as () => Contender,
    ]),
  ),
  cases: {
    http: (contender, probe) => measure(contender, probe, false),
    https: (contender, probe) => measure(contender, probe, true),
  },
};
