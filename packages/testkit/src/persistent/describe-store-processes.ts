import { describe, expect, it } from 'vitest';
import { type RunningJob, StoreProcesses } from './store-processes.ts';
import type { StoreOpener } from './store-opener.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Follows a writer, kills it after `count` acknowledged writes, and answers those. */
async function killAfter(writer: RunningJob, count: number): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>();
  for (let lines = 1; ; lines++) {
    const line = await writer.nextLine();
    if (line === undefined) return acknowledged;
    const [key = '', index = ''] = line.split(' ');
    acknowledged.set(key, Number(index));
    if (lines === count) await writer.kill();
  }
}

/** What a store promises to processes and threads that share it, as tests that start some. */
export function describeStoreProcesses(name: string, opener: StoreOpener): void {
  const { open } = opener;

  describe(`${name} shared by processes`, () => {
    it('has every acknowledged entry, whole, after four writers were killed', async () => {
      const folder = temporaryFolder();
      const processes = new StoreProcesses(opener, folder);
      const counts = { a: 250, b: 300, c: 350, d: 400 };

      const writers = await Promise.all(
        Object.entries(counts).map(([writer, count]) =>
          killAfter(processes.start('write until killed', writer), count),
        ),
      );

      const store = await open(folder);
      for (const acknowledged of writers) {
        expect(acknowledged.size).toBeGreaterThan(100);
        for (const [key, index] of acknowledged) {
          const value = (await store.get(key))?.value as {
            key: string;
            index: number;
            text: string;
          };
          expect(value.key).toBe(key);
          // The writer may have been killed between a later write and its acknowledgement.
          expect(value.index % 200).toBe(index % 200);
          expect(value.index).toBeGreaterThanOrEqual(index);
          expect(value.text).toHaveLength(value.index % 3_000);
        }
      }
      expect(await store.verify()).toMatchObject({ damaged: 0 });
      await store.close();
    });

    it.each(['processes', 'threads'])(
      'has every acknowledged entry after %s were killed that made it short',
      async (kind) => {
        const folder = temporaryFolder();
        const processes = new StoreProcesses(opener, folder);
        const reader = await open(folder);
        const start = (name: string): RunningJob =>
          kind === 'threads'
            ? processes.startThread('write and compact until killed', name)
            : processes.start('write and compact until killed', name);

        const writers = await Promise.all(
          [25, 42, 60, 83].map((count) => killAfter(start(`writer-${count}`), count)),
        );

        const later = await open(folder);
        for (const store of [reader, later]) {
          for (const [key, index] of writers.flatMap((acknowledged) => Array.from(acknowledged))) {
            const value = (await store.get(key))?.value as { key: string; index: number };
            expect(value.key).toBe(key);
            expect(value.index % 50).toBe(index % 50);
            expect(value.index).toBeGreaterThanOrEqual(index);
          }
        }
        expect(await later.verify()).toMatchObject({ damaged: 0 });
        await Promise.all([reader.close(), later.close()]);
      },
    );

    it('has what was acknowledged just before its process exited', async () => {
      const folder = temporaryFolder();
      new StoreProcesses(opener, folder).run('set and exit', '50');

      const store = await open(folder);
      expect((await store.get('before'))?.value).toBe('alone');
      expect((await store.get('last'))?.value).toBe('x'.repeat(400_000));
      const keys = Array.from({ length: 50 }, (_, index) => `together:${index}`);
      expect((await store.getMany(keys)).map((one) => one?.value)).toEqual(keys);
      await store.close();
    });

    it('does not keep a process alive that closes nothing', async () => {
      const folder = temporaryFolder();
      expect(new StoreProcesses(opener, folder).run('set once', 'a', 'kept')).toBe('stored\n');

      const store = await open(folder);
      expect((await store.get('a'))?.value).toBe('kept');
      await store.close();
    });

    it('loses nothing that eight processes write at once', async () => {
      const folder = temporaryFolder();
      const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
      const processes = new StoreProcesses(opener, folder);
      await processes.runAll(writers.map((writer) => ['write many', writer, '60']));

      const store = await open(folder);
      for (const writer of writers) {
        const keys = Array.from({ length: 60 }, (_, index) => `${writer}:${index}`);
        const found = await store.getMany(keys);
        expect(found.map((one) => one?.value)).toEqual(keys.map((key) => key.replace(':', ' ')));
      }
      expect(await store.verify()).toMatchObject({ entries: 480, damaged: 0 });
      await store.close();
    });

    it('is shared by threads', async () => {
      const folder = temporaryFolder();
      const processes = new StoreProcesses(opener, folder);
      await processes.runThreads(['one', 'two'].map((thread) => ['write many', thread, '50']));

      const store = await open(folder);
      expect(await store.stats()).toMatchObject({ entries: 100 });
      expect((await store.get('two:49'))?.value).toBe('two 49');
      await store.close();
    });

    it('answers a value of 1 MB whole while another process overwrites it', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      await new StoreProcesses(opener, folder).start('overwrite until killed').nextLine();

      const letters = new Set<string>();
      for (let read = 0; read < 60; read++) {
        const value = (await store.get('large'))?.value as string;
        const [letter = ''] = value;
        letters.add(letter);
        expect(value === letter.repeat(1_000_000)).toBe(true);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(letters.size).toBeGreaterThan(1);
      await store.close();
    });

    it('answers what lives, and nothing else, while another process purges', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const purger = new StoreProcesses(opener, folder).start('purge until killed');
      await purger.nextLine();
      const lives = Array.from({ length: 20 }, (_, index) => `lives:${index}`);

      for (let round = 0; round < 60; round++) {
        const key = lives[round % lives.length] ?? '';
        await store.set(key, { value: round, createdAt: 0 });
        expect((await store.get(key))?.value).toBe(round);
        for (const gone of await store.getMany(['short:1', 'short:49'])) {
          expect(gone).toBeUndefined();
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await purger.kill();
      await store.purgeExpired();
      expect((await Array.fromAsync(store.keys())).sort()).toEqual([...lives].sort());
      expect(await store.verify()).toMatchObject({ entries: 20, damaged: 0 });
      await store.close();
    });

    it('reads, lists and invalidates what another process wrote', async () => {
      const folder = temporaryFolder();
      const store = await open(folder);
      const processes = new StoreProcesses(opener, folder);
      await store.set('mine', { value: 1, createdAt: 0, tags: ['old'] });
      expect(await store.get('theirs')).toBeUndefined();

      processes.run('set once', 'theirs', 'new', 'blue');
      processes.run('set once', 'mine', 'taken over', 'blue');

      expect((await store.get('theirs'))?.value).toBe('new');
      expect((await store.get('mine'))?.value).toBe('taken over');
      expect((await Array.fromAsync(store.keys())).sort()).toEqual(['mine', 'theirs']);
      expect(await store.stats()).toMatchObject({ entries: 2 });
      await store.invalidate({ tags: ['old'] });
      expect((await store.get('mine'))?.value).toBe('taken over');
      await store.invalidate({ tags: ['blue'] });
      expect(await Array.fromAsync(store.keys())).toEqual([]);
      expect(await store.get('theirs')).toBeUndefined();
      await store.close();
    });
  });
}
