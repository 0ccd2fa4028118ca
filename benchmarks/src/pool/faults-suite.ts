import { UpstreamServer } from '@x/testkit/upstream';
import type { Probe, Suite } from '../harness/suite.ts';
import { type Contender, contenders } from './contenders.ts';

const requests = 100;
/** What has no answer by then counts as unsettled, so that a measurement ends. */
const longestMs = 10_000;

/** 100 requests at once, with three retries, to a server that answers a share of them by 503. */
async function measure(contender: Contender, probe: Probe, errorRate503: number): Promise<void> {
  await using server = await UpstreamServer.start({ errorRate503, gzip: false });
  const { get } = contender({
    perOrigin: 10,
    total: 100,
    retries: 3,
    ca: undefined,
    keepAlive: true,
  });
  const startedAt = performance.now();
  let failed = 0;
  let settled = 0;
  const calls = Array.from({ length: requests }, async (_, index) => {
    try {
      await get(`${server.origins[0]}/package-${index}`);
    } catch {
      failed++;
    }
    settled++;
  });
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, longestMs);
  await Promise.race([Promise.all(calls), timer.promise]);
  clearTimeout(timeout);
  probe.record('failed', failed);
  probe.record('unsettled', requests - settled);
  probe.record('requestsSent', server.stats().requests);
  probe.record('seconds', (performance.now() - startedAt) / 1_000);
}

/** Those that retry, as their users ask them to; a status counts as a failure for them. */
const retrying = new Set([
  'ours',
  'undici 8 request',
  'undici 7 request',
  'got',
  'ky',
  'make-fetch-happen',
]);

export const suite: Suite<Contender> = {
  contenders: Object.fromEntries(Object.entries(contenders).filter(([name]) => retrying.has(name))),
  cases: {
    '503, a tenth': (contender, probe) => measure(contender, probe, 0.1),
    '503, half': (contender, probe) => measure(contender, probe, 0.5),
    '503, all': (contender, probe) => measure(contender, probe, 1),
  },
};
