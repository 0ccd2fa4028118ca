import { open, readFile, rename, unlink } from 'node:fs/promises';
import { patternOf, type Stamp } from '@x/store-kit';
import { endOfTurn } from '../event-loop.ts';
import { decodeLine, encodeLine, type LeaseRecord, type PutRecord } from './journal-record.ts';
import { snapshotPath } from './folder-names.ts';
import type { JournalPlace } from './journal-place.ts';
import { type IndexedEntry, StoreState } from '../state/store-state.ts';

/** The format of the journal and of snapshots. */
export const formatVersion = 1;

const linesPerTurn = 500;

/** A state and how far the journal of its generation had been read for it. */
export interface Snapshot {
  readonly state: StoreState;
  readonly offset: number;
}

/** Why a snapshot cannot be used. */
export class SnapshotError extends Error {}

type SnapshotLine =
  | {
      readonly type: 'state';
      readonly version: number;
      readonly offset: number;
      readonly position: number;
      readonly base: number;
      readonly horizon: number;
    }
  | {
      readonly type: 'entry';
      readonly put: PutRecord;
      readonly position: number;
      readonly since: number;
      readonly isVisited: boolean;
    }
  | { readonly type: 'tag'; readonly tag: string; readonly position: number }
  | {
      readonly type: 'pattern';
      readonly prefix: string;
      readonly source: string;
      readonly flags: string;
      readonly position: number;
    }
  | { readonly type: 'gone'; readonly key: string; readonly position: number }
  | { readonly type: 'lease'; readonly take: LeaseRecord }
  | { readonly type: 'end'; readonly lines: number };

/**
 * Writes the state down as the start of its generation, in one step for others. The state may change
 * meanwhile; what is written is how it was when this was called.
 *
 * @param name - of the temporary file
 */
export async function writeSnapshot(
  { root, retry }: JournalPlace,
  generation: number,
  snapshot: Snapshot,
  name: string,
): Promise<void> {
  const lines = linesOf(snapshot);
  const temporary = `${snapshotPath(root, generation)}.${name}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for (let start = 0; start < lines.length; start += linesPerTurn) {
        const some = lines.slice(start, start + linesPerTurn);
        await file.writeFile(some.map((line) => encodeLine(line())).join(''));
        await endOfTurn();
      }
      const end: SnapshotLine = { type: 'end', lines: lines.length };
      await file.writeFile(encodeLine(end));
    } finally {
      await file.close();
    }
    await retry.run(() => rename(temporary, snapshotPath(root, generation)));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** The lines, each made when it is written. */
function linesOf({ state, offset }: Snapshot): (() => SnapshotLine)[] {
  const { position, base, horizon } = state;
  const head: SnapshotLine = {
    type: 'state',
    version: formatVersion,
    offset,
    position,
    base,
    horizon,
  };
  const small: SnapshotLine[] = [head];
  for (const stamp of state.stamps) small.push(toStampLine(stamp));
  for (const [key, at] of state.goneKeys) small.push({ type: 'gone', key, position: at });
  for (const take of state.leases.records()) small.push({ type: 'lease', take });
  return [
    ...small.map((line) => () => line),
    ...Array.from(state.entries.values(), (entry) => () => toLine(entry)),
  ];
}

function toStampLine({ tag, pattern, position }: Stamp): SnapshotLine {
  if (tag !== undefined) return { type: 'tag', tag, position };
  const { literalPrefix: prefix, regexSource: source, regexFlags: flags } = pattern;
  return { type: 'pattern', prefix, source, flags, position };
}

function toLine(entry: IndexedEntry): SnapshotLine {
  const { position, since, isVisited, size: _, ...put } = entry;
  return { type: 'entry', put: { type: 'put', ...put }, position, since, isVisited };
}

/**
 * The snapshot of a generation.
 *
 * @throws SnapshotError when it is damaged
 * @throws RangeError when its format is newer than this code
 */
export async function readSnapshot(root: string, generation: number): Promise<Snapshot> {
  const bytes = await readFile(snapshotPath(root, generation));
  const state = new StoreState();
  let offset = 0;
  let lines = 0;
  let isComplete = false;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    const text = bytes.toString('utf8', start, end === -1 ? bytes.length : end);
    start = end === -1 ? bytes.length : end + 1;
    if (text === '') continue;
    const line = decodeLine(text);
    if (typeof line !== 'object') throw new SnapshotError('damaged snapshot');
    const known = line as SnapshotLine;
    if (known.type === 'end') isComplete = known.lines === lines;
    else if (known.type === 'state') {
      checkVersion(known.version);
      ({ offset } = known);
      Object.assign(state, { position: known.position, base: known.base, horizon: known.horizon });
    } else take(state, known);
    if (++lines % linesPerTurn === 0) await endOfTurn();
  }
  if (!isComplete) throw new SnapshotError('incomplete snapshot');
  return { state, offset };
}

/** @throws RangeError when the format is newer than this code */
export function checkVersion(version: number): void {
  if (version <= formatVersion) return;
  throw new RangeError(`format ${version} is newer than ${formatVersion}, which is known here`);
}

function take(
  state: StoreState,
  line: Exclude<SnapshotLine, { readonly type: 'state' | 'end' }>,
): void {
  switch (line.type) {
    case 'entry':
      state.add(line.put, line.position, line.since, line.isVisited);
      break;
    case 'tag':
      state.stamps.add({ tag: line.tag, position: line.position });
      break;
    case 'pattern':
      state.stamps.add({
        pattern: patternOf(line.prefix, line.source, line.flags),
        position: line.position,
      });
      break;
    case 'gone':
      state.goneKeys.add(line.key, line.position);
      break;
    case 'lease':
      state.leases.apply(line.take);
      break;
  }
}
