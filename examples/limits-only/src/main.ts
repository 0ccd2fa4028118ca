import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore, TokenBucket } from '@x/ratelimit';

const limiter = new TokenBucket({ permitsPerSecond: 50, burst: 5 });
const semaphore = new Semaphore({ permits: 3 });
let running = 0;
let most = 0;

/** Stands for a request to a service that allows 50 a second and three at a time. */
async function request(id: number): Promise<number> {
  most = Math.max(most, ++running);
  await sleep(10);
  running--;
  return id;
}

const startedAt = performance.now();
const answers = await Promise.all(
  Array.from({ length: 30 }, async (_, id) => {
    await limiter.acquire();
    return semaphore.run(() => request(id));
  }),
);
const seconds = (performance.now() - startedAt) / 1_000;
console.log(
  `${answers.length} requests in ${seconds.toFixed(1)} s, never more than ${most} at a time`,
);

try {
  while (limiter.tryAcquire());
  await limiter.acquire(5, { timeoutMs: 10 });
} catch (error) {
  console.log(error instanceof Error ? `refused at once: ${error.name}` : error);
}
