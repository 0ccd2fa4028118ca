import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@x/store-kit';
import { journalPath, listGenerations } from './folder-names.ts';
import { isCode } from '../files/system-error.ts';
import type { JournalPlace } from './journal-place.ts';
import { JournalFile, type OpenMode } from './journal-file.ts';
import { decodeLine, encodeLine, type JournalRecord } from './journal-record.ts';
import { checkVersion, formatVersion, readSnapshot, SnapshotError } from './snapshot.ts';
import { StoreState } from '../state/store-state.ts';

const mostAttempts = 20;

/** Where to read on, and what came before. */
export interface LoadedJournal {
  readonly file: JournalFile;
  readonly state: StoreState;
}

/**
 * The newest state that was written down, or an empty one. Begins a journal where there is none.
 *
 * @throws RangeError when the format is newer than this code
 */
export async function loadJournal(place: JournalPlace): Promise<LoadedJournal> {
  for (let attempt = 1; attempt < mostAttempts; attempt++) {
    const loaded = await place.retry.run(() => loadOnce(place));
    if (loaded !== undefined) return loaded;
  }
  throw new Error('the journal is replaced again and again');
}

/** Answers `undefined` when the files changed meanwhile, or had to be begun anew. */
async function loadOnce(place: JournalPlace): Promise<LoadedJournal | undefined> {
  const { root } = place;
  await makeFolder(root);
  const { journals, snapshots } = await listGenerations(root);
  const newest = snapshots.at(-1);
  if (newest !== undefined) return loadSnapshot(place, newest);
  for (const generation of journals) {
    const file = openJournal(root, generation);
    if (file === undefined) return undefined;
    if (beginsAnew(file)) return { file, state: new StoreState() };
    file.close();
  }
  return beginAnew(place, journals.at(-1) ?? 0);
}

/** Begins a journal where there is none that makes sense. */
async function beginAnew(place: JournalPlace, last: number): Promise<LoadedJournal | undefined> {
  const { root } = place;
  const isAsBefore = async (newest: number): Promise<boolean> => {
    const { journals, snapshots } = await listGenerations(root);
    return snapshots.length === 0 && (journals.at(-1) ?? 0) === newest;
  };
  if (last > 0 && !(await isAsBefore(last))) return undefined;
  const file = createJournal(place, last + 1);
  if (!(await isAsBefore(last + 1))) {
    file.close();
    return undefined;
  }
  const earlier = openJournal(root, last);
  replaceJournal(place, last, earlier);
  earlier?.close();
  return { file, state: new StoreState() };
}

async function loadSnapshot(
  place: JournalPlace,
  generation: number,
): Promise<LoadedJournal | undefined> {
  const { root } = place;
  const file = openJournal(root, generation);
  try {
    const { state, offset } = await readSnapshot(root, generation);
    if (file === undefined) throw new SnapshotError('a snapshot without its journal');
    file.seek(offset);
    return { file, state };
  } catch (error) {
    // It may be that a later generation has taken its place meanwhile.
    const { snapshots } = await listGenerations(root);
    if (error instanceof SnapshotError && snapshots.at(-1) === generation) {
      replaceJournal(place, generation, file);
    }
    file?.close();
    if (error instanceof SnapshotError || isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** An open journal, `undefined` when it is not there. */
function openJournal(
  root: string,
  generation: number,
  mode: OpenMode = 'existing',
): JournalFile | undefined {
  try {
    return new JournalFile(journalPath(root, generation), generation, mode);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'EEXIST')) return undefined;
    throw error;
  }
}

/** The open journal after `generation`; `undefined` when it is not there, or cannot be opened yet. */
export function openNextJournal(
  { root, retry }: JournalPlace,
  generation: number,
): JournalFile | undefined {
  try {
    return openJournal(root, generation + 1);
  } catch (error) {
    if (retry.mayHelp(error, 1)) return undefined;
    throw error;
  }
}

/** A journal that begins with an empty state, unless it is there already. */
function createJournal({ root, clock }: JournalPlace, generation: number): JournalFile {
  const file = new JournalFile(journalPath(root, generation), generation, 'create');
  if (file.look() === 'same') {
    // Microseconds: no earlier journal in the same place has got so far.
    const position = Math.floor(clock.now() * 1_000 + Math.random() * 1_000);
    const base: JournalRecord = { type: 'base', version: formatVersion, position, by: '', n: 0 };
    file.append(encodeLine(base));
  }
  file.seek(0);
  return file;
}

/** Whether the journal needs no snapshot. */
function beginsAnew(file: JournalFile): boolean {
  const line = file.readLines().find((one) => one !== '');
  file.seek(0);
  const record = line === undefined ? undefined : (decodeLine(line) as JournalRecord | string);
  if (typeof record !== 'object' || record.type !== 'base') return false;
  checkVersion(record.version);
  return true;
}

/**
 * Begins the next generation with what there is; others go there when they come to the end of this.
 *
 * @param isUrgent - also when another process has begun to do so, which may have died since
 * @returns `false` when it was left to another process
 */
export function endJournal(root: string, file: JournalFile, isUrgent: boolean): boolean {
  const generation = file.generation + 1;
  const made = openJournal(root, generation, 'create new');
  // Without a file there, a folder perhaps, nobody could go on.
  const next = made ?? (isUrgent ? openJournal(root, generation) : undefined);
  if (next === undefined) return false;
  next.close();
  seal(file);
  return true;
}

/**
 * Begins the generation after `generation` with nothing, because that one is damaged.
 *
 * @param file - its journal, if there is one, which others may still read
 */
export function replaceJournal(
  place: JournalPlace,
  generation: number,
  file: JournalFile | undefined,
): void {
  createJournal(place, generation + 1).close();
  if (file !== undefined) seal(file);
  removeBefore(place.root, generation + 1);
}

function seal(file: JournalFile): void {
  file.append(encodeLine({ type: 'seal', by: '', n: 0 } satisfies JournalRecord));
}

/** Removes what belongs to earlier generations. */
export function removeBefore(root: string, generation: number): void {
  for (const name of readdirSync(root)) {
    const [, earlier] = /^(?:journal|snapshot)-(\d{1,15})(?:\..*\.tmp)?$/u.exec(name) ?? [];
    if (earlier === undefined || Number(earlier) >= generation) continue;
    try {
      unlinkSync(join(root, name));
    } catch {
      // Windows may refuse it while somebody has the file open. Then it goes the next time.
    }
  }
}
