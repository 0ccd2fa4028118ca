import assert from 'node:assert/strict';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Client, contenders } from './contenders.ts';
import { inParallel, quantile } from './load.ts';
import { startServer } from './server.ts';

const requests = 500;
const turns = 50;
const names = ['ours', 'undici 8 request'] as const;

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * CPU time of a request against undici's own in one warmed process, by turns of 500 requests: the median
 * of the ratios of neighbouring turns, which a change of the machine's speed does not reach.
 */
async function measure(way: 'get' | 'stream', probe: Probe): Promise<void> {
  await using server = await startServer({});
  const url = `${server.origins[0]}/plain`;
  const options = { perOrigin: 10, total: 100, retries: 3, ca: undefined, keepAlive: true };
  const sends = names.map((name) => {
    // Undici has its retries in a layer of their own, which its plain request does without.
    const retries = name === 'ours' ? 3 : 0;
    const client = contenders[name]?.()({ ...options, retries }) as Client;
    const send = client[way] as Client['get'];
    return async () => assert.equal(await send(url), server.plainBytes);
  });
  const turn = async (send: () => Promise<void>): Promise<number> => {
    const before = cpuMicroseconds();
    await inParallel(requests, 50, send);
    return (cpuMicroseconds() - before) / requests;
  };
  for (let round = 0; round < 12; round++) for (const send of sends) await turn(send);
  const ratios: number[] = [];
  const ours: number[] = [];
  const [first, second] = sends as [() => Promise<void>, () => Promise<void>];
  for (let round = 0; round < turns; round++) {
    const mine = await turn(first);
    ratios.push(mine / (await turn(second)));
    ours.push(mine);
  }
  probe.record('ratioToUndici', quantile(ratios, 0.5));
  probe.record('microseconds', quantile(ours, 0.5));
}

export const suite: Suite<undefined> = {
  contenders: { ours: () => undefined },
  cases: {
    'whole body': (_, probe) => measure('get', probe),
    stream: (_, probe) => measure('stream', probe),
  },
};
