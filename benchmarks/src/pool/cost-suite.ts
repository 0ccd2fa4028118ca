import assert from 'node:assert/strict';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';
import { inParallel } from './load.ts';
import { startServer } from './server.ts';

const requests = 2_000;
const inFlight = 50;

/** CPU time of the client for a request of which 50 are under way over 10 connections. */
async function measure(contender: Contender, probe: Probe, way: 'get' | 'stream'): Promise<void> {
  await using server = await startServer({});
  const options = { perOrigin: 10, total: 100, retries: 0, ca: undefined, keepAlive: true };
  const send = contender(options)[way];
  if (send === undefined) return;
  const url = `${server.origins[0]}/plain`;
  const answer = (): Promise<void> =>
    send(url).then((length) => assert.equal(length, server.plainBytes));
  await inParallel(3 * requests, inFlight, answer);
  const startedAt = process.hrtime.bigint();
  await inParallel(requests, inFlight, answer);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  probe.record('requestsPerSecond', requests / seconds);
  await probe.time(requests, () => inParallel(requests, inFlight, answer));
}

export const suite: Suite<Contender> = {
  contenders,
  cases: {
    'whole body': (contender, probe) => measure(contender, probe, 'get'),
    stream: (contender, probe) => measure(contender, probe, 'stream'),
  },
  leftOut: Object.keys(contenders)
    .filter((name) => !['ours', 'undici 8 request', 'undici 7 request', 'node:http'].includes(name))
    .map((name) => `${name}: stream`),
};
