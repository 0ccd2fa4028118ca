import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';
import { inParallel } from './load.ts';
import { startServer } from './server.ts';

const requests = 1_500;

/** Requests that fail while the server closes idle connections just when they are used again. */
async function measure(
  contender: Contender,
  probe: Probe,
  idleKill: 'fin' | 'rst',
  retries: number,
): Promise<void> {
  await using server = await startServer({ idleKill });
  const options = { perOrigin: 10, total: 100, retries, ca: undefined, keepAlive: true };
  const { get } = contender(options);
  let lost = 0;
  await inParallel(requests, 10, async () => {
    try {
      await get(`${server.origins[0]}/plain`);
    } catch {
      lost++;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  });
  probe.record('lost', lost);
  probe.record('connectionsOpened', (await server.connections()).accepted);
}

const withoutRetries = ['node:http', 'axios', 'undici 8 fetch', 'fetch of Node'];

export const suite: Suite<Contender> = {
  contenders,
  cases: {
    'FIN, no retries': (contender, probe) => measure(contender, probe, 'fin', 0),
    'RST, no retries': (contender, probe) => measure(contender, probe, 'rst', 0),
    'FIN, 3 retries': (contender, probe) => measure(contender, probe, 'fin', 3),
    'RST, 3 retries': (contender, probe) => measure(contender, probe, 'rst', 3),
  },
  leftOut: withoutRetries.flatMap((name) => [`${name}: FIN, 3 retries`, `${name}: RST, 3 retries`]),
};
