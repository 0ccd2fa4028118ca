import type { Awaitable, Clock } from '@x/interfaces';
import { endOfTurn } from '../event-loop.ts';
import { decodeLine, encodeLine, type JournalRecord } from './journal-record.ts';
import type { JournalFile } from './journal-file.ts';
import {
  endJournal,
  type LoadedJournal,
  loadJournal,
  openNextJournal,
  removeBefore,
  replaceJournal,
} from './journal-opening.ts';
import type { JournalPlace } from './journal-place.ts';
import { JournalPositions } from './journal-positions.ts';
import { PendingOutcomes } from './pending-outcomes.ts';
import { RecentChanges } from './recent-changes.ts';
import { checkVersion, writeSnapshot } from './snapshot.ts';
import type { IndexedEntry, Outcome, StoreState } from '../state/store-state.ts';
import { ignoreMissing } from '../files/system-error.ts';
import { newWriterId } from '../files/writer-id.ts';

/** Chunks that are read in one go, after which other work gets its turn. */
const chunksPerTurn = 2;
/** How often it is made sure that the folder is still in its place. */
const placeCheckMs = 1_000;
/** A look at the journal serves later reads for so long. */
const freshMs = 0.02;
/** A journal is not begun anew before it has this many bytes. */
const shortestRotation = 1_024 * 1_024;
/** About what an entry takes in a snapshot. */
const bytesPerEntry = 250;
const mostAttempts = 10;

/** A record without what the journal adds. */
export type NewRecord = JournalRecord extends infer R
  ? R extends JournalRecord
    ? Omit<R, 'by' | 'n'> & { readonly n?: number }
    : never
  : never;

/** What the journal tells. */
export interface JournalReports {
  /** Everything that was known is void: the journal was damaged, or the folder replaced. */
  readonly replaced: () => void;
  /** Files that nobody needs any more, and that nobody else was told of. */
  readonly abandoned: (entries: readonly IndexedEntry[]) => void;
}

/** What a look at the journal found. */
type Found = 'nothing' | 'more' | 'another journal';

/**
 * The records of all processes in one order, and the state that they make. The order is that in which
 * the system appends to one file; every process reads what the others appended before it answers.
 */
export class Journal {
  /** Names this store in its records and files. */
  readonly writer: string = newWriterId();
  readonly #place: JournalPlace;
  readonly #clock: Clock;
  readonly #reports: JournalReports;
  readonly #outcomes = new PendingOutcomes();
  readonly #positions: JournalPositions;
  #file: JournalFile;
  #state: StoreState;
  #recent: RecentChanges;
  #count = 0;
  #isSealed = false;
  #isAtStart: boolean;
  #lookedAt = -Infinity;
  #placeCheckedAt: number;
  #catchingUp: Promise<void> | undefined;
  #rotating: Promise<void> | undefined;
  #isClosed = false;

  static async open(place: JournalPlace, reports: JournalReports): Promise<Journal> {
    const journal = new Journal(place, reports, await loadJournal(place));
    await journal.catchUp();
    return journal;
  }

  private constructor(
    place: JournalPlace,
    reports: JournalReports,
    { file, state }: LoadedJournal,
  ) {
    this.#place = place;
    this.#clock = place.clock;
    this.#reports = reports;
    this.#file = file;
    this.#state = state;
    this.#recent = new RecentChanges(state.position);
    this.#placeCheckedAt = place.clock.monotonic();
    this.#isAtStart = file.offset === 0;
    this.#positions = new JournalPositions(state.base);
  }

  /** What the records read so far make. */
  get state(): StoreState {
    return this.#state;
  }

  /** The position of the last record read. */
  get position(): number {
    return this.#positions.told(this.#state.position);
  }

  /** The position in the journal of one that {@link position} answered; -1 for any other. */
  toOwnPosition(position: number): number {
    return position > this.position ? -1 : this.#positions.own(position);
  }

  /** What others changed after a position, of what has been read. */
  changesSince(cursor: number): readonly string[] | 'all' {
    return this.#recent.since(this.#positions.own(cursor), this.#state.position).keys;
  }

  /** Whether it was looked at so shortly ago that a miss needs no further look. */
  isFresh(): boolean {
    const age = this.#clock.monotonic() - this.#lookedAt;
    // A clock that is moved by hand stands still: nothing is known of what happened meanwhile.
    return age > 0 && age < freshMs;
  }

  /**
   * Reads what was appended. Answers a promise when that is much.
   *
   * @param isQuick - leaves it to a later call within a second to see that the journal was removed
   */
  catchUp(isQuick = false): Promise<void> | undefined {
    if (this.#catchingUp !== undefined) return this.#catchingUp;
    for (let chunk = 0; chunk < chunksPerTurn; chunk++) {
      const found = this.#readOn(isQuick);
      if (found === 'nothing') return undefined;
      if (found === 'another journal') {
        return this.#catchUpLater(this.#reload());
      }
    }
    return this.#catchUpLater(endOfTurn());
  }

  #catchUpLater(start: Promise<void>): Promise<void> {
    this.#catchingUp = start
      .then(() => this.#readAll())
      .finally(() => (this.#catchingUp = undefined));
    return this.#catchingUp;
  }

  /** Numbers for a record, or for the file of an entry. */
  nextNumber(): number {
    return ++this.#count;
  }

  /**
   * Appends records, one behind the other, and answers what became of each.
   *
   * @throws the error of the system when they cannot be written
   */
  append(records: readonly NewRecord[]): Awaitable<readonly Outcome[]> {
    return this.#append(records, 1);
  }

  #append(records: readonly NewRecord[], attempt: number): Awaitable<readonly Outcome[]> {
    if (attempt > mostAttempts) throw new Error('the journal is replaced again and again');
    const numbers: number[] = [];
    let text = '';
    for (const record of records) {
      const n = record.n ?? this.nextNumber();
      numbers.push(n);
      text += encodeLine({ ...record, by: this.writer, n });
    }
    this.#outcomes.expect(numbers);
    try {
      this.#file.append(text);
    } catch (error) {
      this.#outcomes.take(numbers);
      throw error;
    }
    const finish = (): Awaitable<readonly Outcome[]> => {
      const outcomes = this.#outcomes.take(numbers);
      // They came behind the end of a journal that goes on elsewhere.
      return outcomes ?? this.#append(records, attempt + 1);
    };
    const behind = this.catchUp();
    if (behind !== undefined) return behind.then(finish);
    this.#rotateIfLong();
    return finish();
  }

  /** Begins a new file with a snapshot of the state, so that the old one can go. */
  rotate(): Promise<void> {
    return this.#rotateOnce(true);
  }

  #rotateOnce(isUrgent: boolean): Promise<void> {
    this.#rotating ??= this.#rotate(isUrgent).finally(() => (this.#rotating = undefined));
    return this.#rotating;
  }

  /** Waits for what is under way and lets go of the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#catchingUp?.catch(() => undefined);
    await this.#rotating?.catch(() => undefined);
    this.#file.close();
  }

  async #readAll(): Promise<void> {
    for (let chunk = 1; ; chunk++) {
      const found = this.#readOn();
      if (found === 'nothing') return;
      if (found === 'another journal') await this.#reload();
      if (chunk % chunksPerTurn === 0) await endOfTurn();
    }
  }

  #readOn(isQuick = false): Found {
    if (this.#isSealed) return this.#goOn();
    const now = this.#clock.monotonic();
    const isPlaceDue = now - this.#placeCheckedAt >= placeCheckMs;
    if (!isQuick || isPlaceDue) {
      const look = this.#file.look();
      this.#lookedAt = now;
      if (look === 'gone') return 'another journal';
      if (look === 'cut short') return this.#giveUp();
      if (look === 'same') {
        if (!isPlaceDue) return 'nothing';
        this.#placeCheckedAt = now;
        return this.#file.isInPlace() ? 'nothing' : 'another journal';
      }
    }
    const lines = this.#file.readLines();
    for (const line of lines) {
      if (line === '') continue;
      const record = decodeLine(line);
      if (record === 'torn') continue;
      if (typeof record !== 'object') return this.#giveUp();
      if (this.#replay(record as JournalRecord)) continue;
      return this.#goOn();
    }
    return lines.length > 0 ? 'more' : 'nothing';
  }

  /** Takes a record in; `false` for the end of the file. */
  #replay(record: JournalRecord): boolean {
    if (record.type === 'seal') {
      this.#isSealed = true;
      return false;
    }
    const isFirst = this.#isAtStart;
    this.#isAtStart = false;
    if (record.type === 'base') {
      if (isFirst) this.#begin(record.version, record);
      return true;
    }
    const outcome = this.#state.apply(record);
    if (record.by === this.writer) {
      // It was written after all, though the system said that it could not.
      if (!this.#outcomes.settle(record.n, outcome)) this.#reports.abandoned(outcome.removed);
    } else if (outcome.isApplied) this.#noteChange(record);
    return true;
  }

  #begin(version: number, record: JournalRecord): void {
    checkVersion(version);
    this.#positions.keep(this.position);
    this.#state.apply(record);
    this.#noteBase();
  }

  #noteChange(record: JournalRecord): void {
    const { position } = this.#state;
    const { type } = record;
    if (type === 'put' || type === 'delete') this.#recent.add(position, record.key);
    else if (type === 'clear' || type === 'tags' || type === 'pattern') {
      this.#recent.add(position, undefined);
    }
  }

  /** Goes on in the next generation. */
  #goOn(): Found {
    const next = openNextJournal(this.#place, this.#file.generation);
    // Two generations have passed meanwhile, or it can only be read later.
    if (next === undefined) return 'another journal';
    this.#use(next, this.#state);
    return 'more';
  }

  /** Begins anew, here and for everybody else. */
  #giveUp(): Found {
    replaceJournal(this.#place, this.#file.generation, this.#file);
    return 'another journal';
  }

  async #reload(): Promise<void> {
    this.#positions.keep(this.position);
    // What was appended to a journal that came to no end is known to nobody else.
    if (!this.#isSealed) this.#outcomes.reset();
    const { file, state } = await loadJournal(this.#place);
    this.#use(file, state);
    this.#noteBase();
    this.#recent = new RecentChanges(state.position);
  }

  #use(file: JournalFile, state: StoreState): void {
    this.#file.close();
    this.#file = file;
    this.#state = state;
    this.#isSealed = false;
    this.#isAtStart = file.offset === 0;
  }

  /** Sees to it that positions of an earlier journal are lower than all of this one. */
  #noteBase(): void {
    const { base, position } = this.#state;
    const which = this.#positions.begin(base);
    if (which === 'the same') return;
    if (which === 'another') this.#reports.replaced();
    this.#recent = new RecentChanges(position);
  }

  #rotateIfLong(): void {
    const most = Math.max(shortestRotation, 2 * this.#state.entries.size * bytesPerEntry);
    const { offset } = this.#file;
    if (this.#isClosed || offset < most) return;
    // Should it fail, the journal goes on growing until a later one succeeds.
    void this.#rotateOnce(offset > 2 * most).catch(() => undefined);
  }

  async #rotate(isUrgent: boolean): Promise<void> {
    if (!endJournal(this.#place.root, this.#file, isUrgent)) return;
    await this.catchUp();
    this.#state.leases.forget(this.#clock.now());
    const { generation, offset } = this.#file;
    try {
      const snapshot = { state: this.#state, offset };
      await writeSnapshot(this.#place, generation, snapshot, this.writer);
    } catch (error) {
      // Another process has come to a later generation meanwhile and removed what was begun here.
      ignoreMissing(error);
      return;
    }
    removeBefore(this.#place.root, generation);
  }
}
