import type { Store } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';
import { expectNoTimers } from './loads.ts';
import { keys, Play, step } from './play.ts';
import { type Fate, ScheduledStore } from './scheduled-store.ts';

function expectOnlyNewest(play: Play, stores: readonly MemoryStore[]): void {
  for (const key of keys) {
    for (const store of stores) {
      const newest = { version: play.newest[key] };
      expect([undefined, newest]).toContainEqual(store.get(key)?.value);
    }
  }
}

async function expectNothingLoading(cache: CacheManager): Promise<void> {
  expect((await cache.info()).loading).toBe(0);
}

describe('getOrSet under every interleaving', () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): unknown => unhandled.push(error);
  let others: NodeJS.UnhandledRejectionListener[];

  beforeAll(() => {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
  });

  afterAll(() => {
    process.off('unhandledRejection', note);
    for (const other of others) process.on('unhandledRejection', other);
  });

  const setups: [string, (memory: MemoryStore, later: Store) => Store[]][] = [
    ['one store that answers at once', (memory) => [memory]],
    ['one store that answers later', (_memory, later) => [later]],
    ['memory in front of it', (memory, later) => [memory, later]],
  ];

  it.each(
    setups.flatMap(([name, tiersOf]) =>
      ([0, 3] as const).map((failuresOfTen) => [name, failuresOfTen, tiersOf] as const),
    ),
  )(
    '%s, failing %s times in ten: an explicit change wins, and nothing is left',
    async (_name, failuresOfTen, tiersOf) => {
      const fates: fc.Arbitrary<Fate> = fc.oneof(
        { weight: 10 - failuresOfTen, arbitrary: fc.constant('well' as const) },
        {
          weight: failuresOfTen,
          arbitrary: fc.constantFrom('fails before' as const, 'fails after' as const),
        },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(step, { minLength: 1, maxLength: 14 }),
          fc.array(fates, { minLength: 1, maxLength: 30 }),
          fc.boolean(),
          async (scheduler, steps, fated, endsEarly) => {
            const clock = new ManualClock();
            let calls = 0;
            let areWell = false;
            const fateOf = (): Fate =>
              areWell ? 'well' : (fated[calls++ % fated.length] ?? 'well');
            const memory = new MemoryStore({ clock, name: 'upper' });
            const lower = new MemoryStore({ clock, name: 'lower' });
            const tiers = tiersOf(memory, new ScheduledStore(scheduler, fateOf, lower));
            const cache = new CacheManager({
              tiers,
              clock,
              ttlMs: Infinity,
              cleanupIntervalMs: Infinity,
              storeTimeoutMs: Infinity,
            });
            const play = new Play(cache, scheduler, clock);
            const { promise: played, resolve } = Promise.withResolvers<void>();
            scheduler.scheduleSequence([
              ...steps.map((each) => async () => play.play(each)),
              async () => resolve(),
            ]);
            if (endsEarly) {
              await scheduler.waitFor(played);
            } else {
              await scheduler.waitIdle();
              areWell = true;
              await play.finish();
              expectOnlyNewest(play, [memory, lower]);
              await expectNothingLoading(cache);
            }
            const closing = Promise.allSettled([cache.close()]);
            for (let round = 0; round < 4; round++) {
              await scheduler.waitIdle();
              clock.advance(40_000);
            }
            await closing;
            await Promise.all(play.ends);
            expectNoTimers(clock);
          },
        ),
        { numRuns: 300 },
      );
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    },
  );
});
