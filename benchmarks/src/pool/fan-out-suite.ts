import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';
import { startServer } from './server.ts';

const origins = 50;
const requests = 1_000;
const runs = 4;
/** Who takes longer is not asked to run again. */
const patienceMs = 5_000;

let open = 0;
let mostOpen = 0;
subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  mostOpen = Math.max(mostOpen, ++open);
  socket.once('close', () => open--);
});

/** 1,000 requests at once to 50 origins that answer after 20 ms each; the least time of some runs. */
async function measure(contender: Contender, probe: Probe, total: number): Promise<void> {
  const options = { perOrigin: 10, total, retries: 0, ca: undefined, keepAlive: true };
  let least = Infinity;
  let mostOpened = 0;
  const beganAt = performance.now();
  for (let run = 0; run < runs && performance.now() - beganAt < patienceMs; run++) {
    await using server = await startServer({ origins, delayMs: 20 });
    const { get } = contender(options);
    const startedAt = performance.now();
    const lengths = await Promise.all(
      Array.from({ length: requests }, (_, index) =>
        get(`${server.origins[index % origins]}/plain`),
      ),
    );
    least = Math.min(least, (performance.now() - startedAt) / 1_000);
    assert.ok(lengths.every((length) => length === server.plainBytes));
    mostOpened = Math.max(mostOpened, (await server.connections()).accepted);
  }
  probe.record('seconds', least);
  probe.record('connectionsOpened', mostOpened);
  probe.record('mostOpen', mostOpen);
}

export const suite: Suite<Contender> = {
  contenders,
  cases: {
    '20 connections in total': (contender, probe) => measure(contender, probe, 20),
    '100 connections in total': (contender, probe) => measure(contender, probe, 100),
  },
};
