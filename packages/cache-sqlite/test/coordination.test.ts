import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { affixPattern, ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';
import { run, RunningFixture } from './processes.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');
const entry = (value: unknown): { value: unknown; createdAt: number; tags: string[] } => ({
  value,
  createdAt: 0,
  tags: ['red'],
});

describe('SqliteStore.lease', () => {
  it('of a killed process delays others until its deadline and no longer', async () => {
    const path = newPath();
    const [holder, output] = await RunningFixture.start('hold-lease', path, 'a', '60000');
    const deadline = Number(output);
    const clock = new ManualClock(deadline - 1);
    const store = await SqliteStore.open({ path, clock });
    expect(await store.lease('a', 1_000)).toBeUndefined();
    await holder.kill();

    expect(await store.lease('a', 1_000)).toBeUndefined();
    clock.advance(1);
    const lease = await store.lease('a', 1_000);
    expect(lease?.deadline).toBe(deadline + 1_000);
    await store.close();
  });

  it('is held by one although the clock of another is behind', async () => {
    const path = newPath();
    const [early, late] = [new ManualClock(), new ManualClock()];
    late.advance(3);
    const first = await SqliteStore.open({ path, clock: late });
    const second = await SqliteStore.open({ path, clock: early });

    expect(await first.lease('a', 1_000)).toBeDefined();
    expect(await second.lease('a', 1_000)).toBeUndefined();
    await Promise.all([first.close(), second.close()]);
  });

  it('is given back when the store is closed', async () => {
    const path = newPath();
    const [first, second] = [await SqliteStore.open({ path }), await SqliteStore.open({ path })];
    const lease = await first.lease('a', 60_000);
    await first.close();

    expect(await second.lease('a', 60_000)).toBeDefined();
    expect(await lease?.renew(60_000)).toBe(false);
    await lease?.release();
    await second.close();
  });

  it('begins anew when the database of the leases is damaged', async () => {
    const path = newPath();
    writeFileSync(`${path}-leases`, 'garbage');
    const store = await SqliteStore.open({ path });

    expect(await store.lease('a', 60_000)).toBeDefined();
    writeFileSync(`${path}-leases`, Buffer.alloc(8_192, 'x'));
    await store.lease('b', 60_000);
    expect(await store.lease('b', 60_000)).toBeUndefined();
    await store.close();
  });
});

describe('SqliteStore.set with since', () => {
  it.each([
    ['write', ['user:1'], 'newer'],
    ['delete', ['user:1'], undefined],
    ['tag', 'all', undefined],
    ['pattern', 'all', undefined],
    ['clear', 'all', undefined],
  ] as const)(
    'loses to a %s of another process, which changesSince tells',
    async (change, keys, value) => {
      const path = newPath();
      const store = await SqliteStore.open({ path });
      await store.set('user:1', entry('old'));
      const since = await store.mark();
      expect(await store.changesSince(since)).toEqual({ cursor: since, keys: [] });

      run('change-once', path, change);
      await store.set('user:1', entry('loaded'), { since });

      const changed = await store.changesSince(since);
      expect(changed.cursor).toBeGreaterThan(since);
      expect(changed.keys).toEqual(keys);
      expect((await store.get('user:1'))?.value).toBe(value);
      await store.close();
    },
  );

  it('never brings an old value back while several processes load', async () => {
    const path = newPath();
    const source = `${path}.source`;
    const publish = (value: number): void => {
      writeFileSync(`${source}.next`, String(value));
      renameSync(`${source}.next`, source);
    };
    publish(0);
    const store = await SqliteStore.open({ path });
    await Promise.all([1, 2, 3].map(() => RunningFixture.start('load-until-killed', path, source)));
    const changes = [
      () => store.deleteMany(['user:1', 'user:2', 'user:3']),
      () => store.invalidate({ tags: ['red'] }),
      () => store.invalidate({ pattern: affixPattern('user:') }),
      () => store.clear(),
      () => store.purgeExpired(),
    ];

    let found = 0;
    for (let round = 1; round <= 300; round++) {
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
