import assert from 'node:assert/strict';
import { Sema } from 'async-sema';
import { bulkhead } from 'cockatiel';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import { Semaphore } from '@x/ratelimit';
import type { Suite } from '../harness/suite.ts';
import { cpuNanoseconds, turn, usedBytes } from './cpu.ts';

type Work = () => Promise<unknown>;
type Run = (work: Work) => Promise<unknown>;

interface ConcurrencyContender {
  /** Runs at most `limit` at a time. */
  readonly create: (limit: number) => Run;
  /** How many drains are measured; one where it takes seconds. */
  readonly drains: number;
}

const contenders: Record<string, () => ConcurrencyContender> = {
  'await alone': () => ({ create: () => (work) => work(), drains: 0 }),
  ours: () => ({
    create: (limit) => {
      const semaphore = new Semaphore({ permits: limit });
      return (work) => semaphore.run(work);
    },
    drains: 10,
  }),
  'async-sema': () => ({
    create: (limit) => {
      const sema = new Sema(limit);
      return async (work) => {
        await sema.acquire();
        try {
          return await work();
        } finally {
          sema.release();
        }
      };
    },
    drains: 10,
  }),
  'p-limit': () => ({
    create: (limit) => {
      const limited = pLimit(limit);
      return (work) => limited(work);
    },
    drains: 10,
  }),
  'cockatiel bulkhead': () => ({
    create: (limit) => {
      const policy = bulkhead(limit, Infinity);
      return (work) => policy.execute(work);
    },
    drains: 1,
  }),
  'p-queue': () => ({
    create: (limit) => {
      const queue = new PQueue({ concurrency: limit });
      return (work) => queue.add(work);
    },
    drains: 3,
  }),
};

const atOnce = 1_000;
const queuedTasks = 100_000;
const work: Work = async () => {};

/** No more than `limit` at a time, and all of them. */
async function checkLimit(run: Run, limit: number, tasks: number): Promise<void> {
  let running = 0;
  let most = 0;
  let done = 0;
  const counted: Work = async () => {
    most = Math.max(most, ++running);
    await turn();
    running--;
    done++;
  };
  await Promise.all(Array.from({ length: tasks }, () => run(counted)));
  assert.equal(most, limit);
  assert.equal(done, tasks);
}

/** Fills all permits, queues the tasks, and answers what lets them go and when the last is done. */
function queueUp(
  run: Run,
  limit: number,
): { readonly open: () => void; readonly last: Promise<unknown> } {
  const gate = Promise.withResolvers<void>();
  for (let held = 0; held < limit; held++) void run(() => gate.promise);
  let last: Promise<unknown> = Promise.resolve();
  for (let task = 0; task < queuedTasks; task++) last = run(work);
  return { open: gate.resolve, last };
}

export const suite: Suite<ConcurrencyContender> = {
  contenders,
  cases: {
    'uncontended run': async ({ create }, probe) => {
      const run = create(10);
      const count = 300_000;
      await probe.time(count, async () => {
        for (let call = 0; call < count; call++) await run(work);
      });
    },
    '1,000 at once, limit 10': async ({ create }, probe) => {
      const run = create(10);
      await checkLimit(run, 10, 100);
      let done = 0;
      const counted: Work = async () => ++done;
      await probe.time(200 * atOnce, async () => {
        for (let round = 0; round < 200; round++) {
          done = 0;
          // All begin in their order, so the last to be queued is the last to end.
          let last: Promise<unknown> = Promise.resolve();
          for (let task = 0; task < atOnce; task++) last = run(counted);
          await last;
          assert.equal(done, atOnce);
        }
      });
    },
    '100,000 queued': async ({ create, drains }, probe) => {
      const before = usedBytes();
      const held = queueUp(create(10), 10);
      await turn();
      probe.record('bytesPerTask', (usedBytes() - before) / queuedTasks);
      let least = Infinity;
      let queued = held;
      for (let drain = 0; drain < drains; drain++) {
        if (drain > 0) queued = queueUp(create(10), 10);
        globalThis.gc?.();
        await turn();
        const startedAt = cpuNanoseconds();
        queued.open();
        await queued.last;
        least = Math.min(least, cpuNanoseconds() - startedAt);
      }
      probe.record('nsPerOperation', least / queuedTasks);
    },
  },
  leftOut: ['await alone: 1,000 at once, limit 10', 'await alone: 100,000 queued'],
};
