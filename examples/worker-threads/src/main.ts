import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from '@x/metrics';
import { CacheWorker } from './cache-worker.ts';

const names = Array.from({ length: 12 }, (_, index) => `user-${index + 1}`);

const folder = await mkdtemp(join(tmpdir(), 'worker-threads-'));
const cachePath = join(folder, 'cache.sqlite');
const workers = Array.from({ length: 4 }, () => new CacheWorker({ cachePath }));

/** All threads want all keys, each beginning with another one. */
async function deriveInAll(): Promise<void> {
  await Promise.all(
    workers.map((worker, index) => {
      const first = index * 3;
      return worker.derive([...names.slice(first), ...names.slice(0, first)]);
    }),
  );
}

/** What all threads together have measured so far. */
async function measured(): Promise<Registry> {
  return Registry.merged(await Promise.all(workers.map((worker) => worker.dump())));
}

async function countLoads(): Promise<number> {
  const figures = (await measured()).summary();
  return figures['cache_loads_total{cache="cache",outcome="success"}'] ?? 0;
}

await deriveInAll();
console.log(
  `${names.length} keys wanted by ${workers.length} threads: ${await countLoads()} loads`,
);

await deriveInAll();
console.log(`wanted once more: still ${await countLoads()} loads`);

await workers[0]?.invalidate('key:user-1*');
await deriveInAll();
console.log(`after the first thread invalidated key:user-1*: ${await countLoads()} loads`);

console.log(`\n${(await measured()).report({ idle: false })}`);

await Promise.all(workers.map((worker) => worker.close()));
await rm(folder, { recursive: true });
