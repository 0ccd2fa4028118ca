import assert from 'node:assert/strict';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';
import { startServer } from './server.ts';

const origins = 50;
const requests = 1_000;

/** 1,000 requests at once to 50 origins that answer after 20 ms each. */
async function measure(contender: Contender, probe: Probe, total: number): Promise<void> {
  await using server = await startServer({ origins, delayMs: 20 });
  const options = { perOrigin: 10, total, retries: 0, ca: undefined, keepAlive: true };
  const { get } = contender(options);
  await get(`${server.origins[0]}/plain`);
  const startedAt = performance.now();
  const lengths = await Promise.all(
    Array.from({ length: requests }, (_, index) => get(`${server.origins[index % origins]}/plain`)),
  );
  probe.record('seconds', (performance.now() - startedAt) / 1_000);
  assert.ok(lengths.every((length) => length === server.plainBytes));
  const { accepted, mostOpen } = await server.connections();
  probe.record('connectionsOpened', accepted);
  probe.record('mostOpen', mostOpen);
}

export const suite: Suite<Contender> = {
  contenders,
  cases: {
    '20 connections in total': (contender, probe) => measure(contender, probe, 20),
    '100 connections in total': (contender, probe) => measure(contender, probe, 100),
  },
};
