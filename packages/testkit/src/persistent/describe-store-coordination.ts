import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { affixPattern } from '../key-patterns.ts';
import { ManualClock } from '../manual-clock.ts';
import { StoreProcesses } from './store-processes.ts';
import type { StoreOpener } from './store-opener.ts';
import { temporaryFolder } from './temporary-folder.ts';

const entry = (value: unknown) => ({ value, createdAt: 0, tags: ['red'] });

/** How processes over one store agree on who loads what, and whose value counts, as tests. */
export function describeStoreCoordination(name: string, opener: StoreOpener): void {
  const { open } = opener;

  describe(`${name}.lease`, () => {
    it('of a killed process delays others until its deadline and no longer', async () => {
      const folder = temporaryFolder();
      const holder = new StoreProcesses(opener, folder).start('hold a lease', 'a', '60000');
      const deadline = Number(await holder.nextLine());
      const clock = new ManualClock(deadline - 1);
      const store = await open(folder, { clock });
      expect(await store.lease('a', 1_000)).toBeUndefined();
      await holder.kill();

      expect(await store.lease('a', 1_000)).toBeUndefined();
      clock.advance(1);
      const lease = await store.lease('a', 1_000);
      expect(lease?.deadline).toBe(deadline + 1_000);
      await store.close();
    });

    it('is held by one although the clock of another is behind', async () => {
      const folder = temporaryFolder();
      const [early, late] = [new ManualClock(), new ManualClock()];
      late.advance(3);
      const first = await open(folder, { clock: late });
      const second = await open(folder, { clock: early });

      expect(await first.lease('a', 1_000)).toBeDefined();
      expect(await second.lease('a', 1_000)).toBeUndefined();
      await Promise.all([first.close(), second.close()]);
    });

    it('is given back when the store is closed', async () => {
      const folder = temporaryFolder();
      const [first, second] = [await open(folder), await open(folder)];
      const lease = await first.lease('a', 60_000);
      await first.close();

      expect(await second.lease('a', 60_000)).toBeDefined();
      expect(await lease?.renew(60_000)).toBe(false);
      await lease?.release();
      await second.close();
    });

    it('is kept while the store is compacted', async () => {
      const folder = temporaryFolder();
      const [first, second] = [await open(folder), await open(folder)];
      const lease = await first.lease('a', 60_000);
      await second.compact();
      const third = await open(folder);

      expect(await third.lease('a', 60_000)).toBeUndefined();
      expect(await second.lease('a', 60_000)).toBeUndefined();
      expect(await lease?.renew(60_000)).toBe(true);
      await lease?.release();
      expect(await third.lease('a', 60_000)).toBeDefined();
      await Promise.all([first, second, third].map(async (store) => store.close()));
    });
  });

  describe(`${name}.set with since`, () => {
    it.each([
      ['write', ['user:1'], 'newer'],
      ['delete', ['user:1'], undefined],
      ['tag', 'all', undefined],
      ['pattern', 'all', undefined],
      ['clear', 'all', undefined],
    ] as const)(
      'loses to a %s of another process, which changesSince tells',
      async (change, keys, value) => {
        const folder = temporaryFolder();
        const store = await open(folder);
        await store.set('user:1', entry('old'));
        const since = await store.mark();
        expect(await store.changesSince(since)).toEqual({ cursor: since, keys: [] });

        new StoreProcesses(opener, folder).run('change once', change);
        await store.set('user:1', entry('loaded'), { since });

        const changed = await store.changesSince(since);
        expect(changed.cursor).toBeGreaterThan(since);
        expect(changed.keys).toEqual(keys);
        expect((await store.get('user:1'))?.value).toBe(value);
        await store.close();
      },
    );

    it('never brings an old value back while several processes load', async () => {
      const folder = temporaryFolder();
      const source = join(folder, 'source');
      const publish = (value: number): void => {
        writeFileSync(`${source}.next`, String(value));
        renameSync(`${source}.next`, source);
      };
      publish(0);
      const store = await open(join(folder, 'store'));
      const processes = new StoreProcesses(opener, join(folder, 'store'));
      await Promise.all(
        [1, 2, 3].map(() => processes.start('load until killed', source).nextLine()),
      );
      const changes = [
        () => store.deleteMany(['user:1', 'user:2', 'user:3']),
        () => store.invalidate({ tags: ['red'] }),
        () => store.invalidate({ pattern: affixPattern('user:') }),
        () => store.clear(),
        () => store.purgeExpired(),
      ];

      let found = 0;
      for (let round = 1; round <= 300 || (found <= 50 && round <= 5_000); round++) {
        publish(round);
        const isPurge = round % changes.length === 4;
        await changes[round % changes.length]?.();
        for (const one of await store.getMany(['user:1', 'user:2', 'user:3'])) {
          if (one === undefined) continue;
          found++;
          expect(one.value).toBeGreaterThanOrEqual(isPurge ? round - 1 : round);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }

      // Otherwise nothing was loaded, and nothing shown.
      expect(found).toBeGreaterThan(50);
      await store.close();
    });
  });
}
