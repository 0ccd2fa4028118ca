import assert from 'node:assert/strict';
import { cached, monitored, PerformanceOptimizer } from '@x/performance';
import type { Claim } from './claim.ts';
import { type NameServer, startNameServer } from './name-server.ts';

const sizes = [100, 1_000, 10_000];

/** How many of `count` operations at the same time were lost on their way through the whole toolkit. */
async function countLost(server: NameServer, count: number): Promise<number> {
  await using optimizer = await PerformanceOptimizer.open({
    cache: { maxEntries: 2 * count },
    rateLimit: { permitsPerSecond: 1e6, burst: 1e6 },
    pool: { acquireTimeoutMs: Infinity, maxRetries: 0 },
  });
  const before = server.requests;
  const read = monitored(
    optimizer.registry,
    'read',
  )(
    cached(optimizer.cache, { name: 'read' })(async (name: string) =>
      optimizer.optimizedRequest((http) => http.get(server.url(name)).json<{ name: string }>()),
    ),
  );
  const names = Array.from({ length: count }, (_, index) => `package-${index}`);
  const answers = await Promise.allSettled(names.map((name) => read(name)));
  const kept = await Promise.all(names.map((name) => read(name)));

  const lost = names.filter((name, index) => {
    const answer = answers[index];
    return (
      answer?.status !== 'fulfilled' || answer.value.name !== name || kept[index]?.name !== name
    );
  });
  const { cache, metrics, pool } = await optimizer.report();
  const timer = metrics.metrics.find(({ name }) => name === 'read');
  const counted = [cache?.loads, cache?.entries, pool?.requests, server.requests - before];
  assert.deepEqual(counted, [count, count, count, count]);
  assert.equal(timer?.kind === 'timer' && timer.series[0]?.count, 2 * count);
  return lost.length;
}

export const concurrency: Claim = {
  claim: 'operations at the same time do not lose anything',
  how: `${sizes.join(', ')} calls at once, each measured, cached, limited and fetched over at most 10 connections: the most of which every one got its own answer, was counted and kept`,
  unit: 'at once',
  better: 'more',
  must: 100,
  goal: 10_000,
  async measure() {
    await using server = await startNameServer();
    const details: Record<string, number> = {};
    let figure = 0;
    for (const size of sizes) {
      const startedAt = performance.now();
      const lost = await countLost(server, size);
      details[`lostOf${size}`] = lost;
      details[`secondsFor${size}`] = (performance.now() - startedAt) / 1_000;
      if (lost > 0) break;
      figure = size;
    }
    return { figure, details };
  },
};
