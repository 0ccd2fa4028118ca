import assert from 'node:assert/strict';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';
import { inParallel, quantile } from './load.ts';
import { startServer } from './server.ts';

const requests = 1_000;
const inFlight = 50;

/** CPU time of the client for a request of which 50 are under way over 10 connections. */
async function measure(contender: Contender, probe: Probe, way: 'get' | 'stream'): Promise<void> {
  await using server = await startServer({});
  const options = { perOrigin: 10, total: 100, retries: 0, ca: undefined, keepAlive: true };
  const send = contender(options)[way];
  if (send === undefined) return;
  const url = `${server.origins[0]}/plain`;
  const answer = async (): Promise<void> => assert.equal(await send(url), server.plainBytes);
  await inParallel(4 * requests, inFlight, answer);
  const latencies: number[] = [];
  const startedAt = performance.now();
  await inParallel(requests, inFlight, async () => {
    const sentAt = performance.now();
    await answer();
    latencies.push(performance.now() - sentAt);
  });
  probe.record('requestsPerSecond', (requests * 1_000) / (performance.now() - startedAt));
  probe.record('p99Ms', quantile(latencies, 0.99));
  await probe.time(requests, () => inParallel(requests, inFlight, answer));
}

const streaming: ReadonlySet<string> = new Set([
  'ours',
  'undici 8 request',
  'undici 7 request',
  'node:http',
]);

export const suite: Suite<Contender> = {
  contenders,
  cases: {
    'whole body': (contender, probe) => measure(contender, probe, 'get'),
    stream: (contender, probe) => measure(contender, probe, 'stream'),
  },
  leftOut: Object.keys(contenders)
    .filter((name) => !streaming.has(name))
    .map((name) => `${name}: stream`),
};
