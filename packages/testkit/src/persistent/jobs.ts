import { closeSync, openSync, readFileSync } from 'node:fs';
import { affixPattern } from '../key-patterns.ts';
import type { SharedStore } from './store-opener.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });

/** What other processes and threads do to a store, by name. What they print tells how far they are. */
export type Job = (store: SharedStore, ...options: string[]) => Promise<void>;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Writes and waits for each write. */
async function writeMany(store: SharedStore, name = '', count = ''): Promise<void> {
  for (let index = 0; index < Number(count); index++) {
    await store.set(`${name}:${index}`, entry(`${name} ${index}`));
  }
  await store.close();
}

/** Tells of each write that was acknowledged. */
async function writeUntilKilled(store: SharedStore, name = ''): Promise<void> {
  for (let index = 0; ; index++) {
    const key = `${name}:${index % 200}`;
    await store.set(key, entry({ key, index, text: 'x'.repeat(index % 3_000) }));
    say(`${key} ${index}`);
  }
}

/** The same, and begins to make the store short after every tenth. */
async function writeAndCompactUntilKilled(store: SharedStore, name = ''): Promise<void> {
  for (let index = 0; ; index++) {
    const key = `${name}:${index % 50}`;
    await store.set(key, entry({ key, index, text: 'x'.repeat(index % 3_000) }));
    say(`${key} ${index}`);
    if (index % 10 === 0) await store.compact();
  }
}

async function overwriteUntilKilled(store: SharedStore): Promise<void> {
  for (let round = 0; ; round++) {
    const letter = String.fromCharCode(97 + (round % 26));
    await store.set('large', entry(letter.repeat(1_000_000)));
    if (round === 0) say('writing');
  }
}

/** Leaves the store open, and nothing to wait for. */
async function setOnce(store: SharedStore, key = '', value = '', tag = ''): Promise<void> {
  await store.set(key, { ...entry(value), tags: [tag] });
  say('stored');
}

/** Ends the process in the turn in which the last write was acknowledged. */
async function setAndExit(store: SharedStore, count = ''): Promise<void> {
  await store.set('before', entry('alone'));
  const keys = Array.from({ length: Number(count) }, (_, index) => `together:${index}`);
  await Promise.all(keys.map(async (key) => store.set(key, entry(key))));
  await store.set('last', entry('x'.repeat(400_000)));
  process.exit(0);
}

async function changeOnce(store: SharedStore, change = ''): Promise<void> {
  if (change === 'write') await store.set('user:1', entry('newer'));
  else if (change === 'delete') await store.delete('user:1');
  else if (change === 'tag') await store.invalidate({ tags: ['red'] });
  else if (change === 'pattern') await store.invalidate({ pattern: affixPattern('user:') });
  else await store.clear();
  await store.close();
}

async function holdLease(store: SharedStore, key = '', ttlMs = ''): Promise<void> {
  const lease = await store.lease(key, Number(ttlMs));
  say(String(lease?.deadline));
  setInterval(() => undefined, 1_000);
}

/** Loads what a key has at the source and keeps it, as a cache does at a miss. */
async function loadUntilKilled(store: SharedStore, sourcePath = ''): Promise<void> {
  const load = async (key: string): Promise<void> => {
    const since = await store.mark();
    const value = Number(readFileSync(sourcePath, 'utf8'));
    await store.set(key, { ...entry(value), tags: ['red'] }, { since });
  };
  for (let round = 0; ; round++) {
    await Promise.all(['user:1', 'user:2', 'user:3'].map(load));
    if (round === 0) say('loading');
  }
}

/** Makes entries that nobody may read, and removes them. */
async function purgeUntilKilled(store: SharedStore): Promise<void> {
  for (let round = 0; ; round++) {
    await store.setMany(
      Array.from({ length: 50 }, (_, index) => [
        `short:${index}`,
        { value: index, createdAt: 0, expiresAt: 1, tags: ['short'] },
      ]),
    );
    await store.invalidate({ tags: ['short'] });
    await store.purgeExpired();
    if (round % 5 === 0) await store.compact();
    if (round === 0) say('purging');
  }
}

/** Uses the store while the process can open nothing more; then in peace again. */
async function runOutOfDescriptors(store: SharedStore): Promise<void> {
  const outcomeOf = async (work: () => unknown): Promise<string> => {
    try {
      return (await work()) === undefined ? 'done' : 'held';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  await store.set('before', entry(1));
  await store.set('large before', entry('x'.repeat(400_000)));
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch (error) {
    say((error as NodeJS.ErrnoException).code ?? '');
  }
  await store.set('during', entry(2));
  say(`${(await store.get('before'))?.value} ${(await store.get('during'))?.value}`);
  const both = await store.getMany(['large before', 'before']);
  say(both.map((one) => String(one?.value).length).join(' '));
  say(String(await store.purge({ by: 'oldest', limit: 1 })));
  say(String((await store.verify()).damaged));
  say(await outcomeOf(() => store.lease('a', 1_000)));
  say(await outcomeOf(() => store.set('large', entry('x'.repeat(400_000)))));
  for (const descriptor of taken) closeSync(descriptor);
  say(await outcomeOf(() => store.lease('b', 1_000)));
  await store.set('large', entry('x'.repeat(400_000)));
  say(String(String((await store.get('large'))?.value).length));
  await store.close();
}

export type JobName =
  | 'change once'
  | 'hold a lease'
  | 'load until killed'
  | 'overwrite until killed'
  | 'purge until killed'
  | 'run out of descriptors'
  | 'set and exit'
  | 'set once'
  | 'write and compact until killed'
  | 'write many'
  | 'write until killed';

export const jobs: Readonly<Record<JobName, Job>> = {
  'change once': changeOnce,
  'hold a lease': holdLease,
  'load until killed': loadUntilKilled,
  'overwrite until killed': overwriteUntilKilled,
  'purge until killed': purgeUntilKilled,
  'run out of descriptors': runOutOfDescriptors,
  'set and exit': setAndExit,
  'set once': setOnce,
  'write and compact until killed': writeAndCompactUntilKilled,
  'write many': writeMany,
  'write until killed': writeUntilKilled,
};
