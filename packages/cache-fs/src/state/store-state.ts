import { type Bounds, isWithin, patternOf, StampSet } from '@x/store-kit';
import { entrySize } from './entry-size.ts';
import { GoneKeys } from './gone-keys.ts';
import type { EntryPlace, JournalRecord, PutRecord } from '../journal/journal-record.ts';
import { LeaseTable } from './lease-table.ts';

/** An entry as the journal knows it, without its value. */
export interface IndexedEntry {
  readonly key: string;
  readonly by: string;
  readonly n: number;
  /** Of the file. */
  readonly bytes: number;
  /** What it counts in bytes: of the file, the key and the tags. */
  readonly size: number;
  readonly createdAt: number;
  readonly staleAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly loadMs: number | undefined;
  readonly outcome: 'value' | 'error' | undefined;
  /** The position of its record; no other entry has it. */
  readonly position: number;
  /** Invalidations after this position concern it. */
  readonly since: number;
  /** Whether it was read since the eviction last came by. */
  isVisited: boolean;
}

/** What became of a record. */
export interface Outcome {
  /** `false` when something else had come before it. */
  readonly isApplied: boolean;
  /** Entries that are gone by it, whose files nobody needs any more. */
  readonly removed: readonly IndexedEntry[];
}

const applied: Outcome = { isApplied: true, removed: [] };
const overtaken: Outcome = { isApplied: false, removed: [] };

/**
 * What a folder holds after some record of its journal. It depends on the records alone, so that every
 * process comes to the same state.
 */
export class StoreState {
  /** In the order of their positions. */
  readonly entries: Map<string, IndexedEntry> = new Map();
  readonly stamps: StampSet = new StampSet();
  readonly goneKeys: GoneKeys = new GoneKeys();
  readonly leases: LeaseTable = new LeaseTable();
  readonly #writers = new Map<string, string>();
  /** Of the last record. */
  position = 0;
  /** Where the sequence began; of what came before nothing is known. */
  base = 0;
  /** What happened up to here may be forgotten: who depends on an older position has lost. */
  horizon = 0;
  /** The sizes of all entries. */
  bytes = 0;

  isWithin(bounds: Bounds): boolean {
    return isWithin(this.entries.size, this.bytes, bounds);
  }

  /** Whether an entry was invalidated after it was written. */
  isHidden({ key, tags, since }: IndexedEntry): boolean {
    return this.stamps.hides(key, tags, since);
  }

  /** Takes the record in at the next position. */
  apply(record: JournalRecord): Outcome {
    if (record.type === 'base') return this.#begin(record.position);
    const position = ++this.position;
    switch (record.type) {
      case 'put':
        return this.#put(record, position);
      case 'delete':
        return this.#delete(record.key, position);
      case 'clear':
        return this.#clear(position);
      case 'tags':
        for (const tag of record.tags) this.stamps.add({ tag, position });
        return applied;
      case 'pattern':
        this.stamps.add({
          pattern: patternOf(record.prefix, record.source, record.flags),
          position,
        });
        return applied;
      case 'remove':
        return { isApplied: true, removed: record.entries.flatMap((place) => this.#remove(place)) };
      case 'unstamp':
        this.#forgetUpTo(this.stamps.removeUpTo(record.upTo, record.tags));
        return applied;
      case 'visits':
        this.#visit(record.positions);
        return applied;
      case 'take':
      case 'renew':
      case 'release':
        return this.leases.apply(record) ? applied : overtaken;
      case 'seal':
        return applied;
    }
  }

  /** Puts an entry in its place. */
  add(record: PutRecord, position: number, since: number, isVisited: boolean): void {
    const { key, n, bytes, createdAt, staleAt, expiresAt, tags, loadMs, outcome } = record;
    const size = entrySize(bytes, key, tags);
    this.entries.set(key, {
      key,
      by: this.#internedWriter(record.by),
      n,
      bytes,
      size,
      createdAt,
      staleAt,
      expiresAt,
      tags,
      loadMs,
      outcome,
      position,
      since,
      isVisited,
    });
    this.bytes += size;
  }

  #put(record: PutRecord, position: number): Outcome {
    const { key, since, tags } = record;
    const last = this.entries.get(key);
    if (since !== undefined) {
      const lastChange = last?.position ?? this.goneKeys.get(key) ?? 0;
      const isOvertaken =
        since < this.horizon || since < lastChange || this.stamps.hides(key, tags, since);
      if (isOvertaken) return overtaken;
    }
    const removed = last === undefined ? [] : [this.#take(last)];
    this.goneKeys.delete(key);
    this.add(record, position, since ?? position, false);
    return { isApplied: true, removed };
  }

  #delete(key: string, position: number): Outcome {
    const entry = this.entries.get(key);
    this.#forgetUpTo(this.goneKeys.add(key, position));
    return entry === undefined ? applied : { isApplied: true, removed: [this.#take(entry)] };
  }

  #clear(position: number): Outcome {
    const removed = [...this.entries.values()];
    this.entries.clear();
    this.bytes = 0;
    this.stamps.clear();
    this.goneKeys.clear();
    this.horizon = position;
    return { isApplied: true, removed };
  }

  #begin(position: number): Outcome {
    const outcome = this.#clear(position);
    this.leases.clear();
    this.position = position;
    this.base = position;
    return outcome;
  }

  #remove([key, position]: EntryPlace): IndexedEntry[] {
    const entry = this.entries.get(key);
    if (entry?.position !== position) return [];
    if (position > this.horizon) this.#forgetUpTo(this.goneKeys.add(key, position));
    return [this.#take(entry)];
  }

  #take(entry: IndexedEntry): IndexedEntry {
    this.entries.delete(entry.key);
    this.bytes -= entry.size;
    return entry;
  }

  #visit(positions: readonly number[]): void {
    let next = 0;
    for (const entry of this.entries.values()) {
      while ((positions[next] ?? Infinity) < entry.position) next++;
      if (positions[next] === entry.position) entry.isVisited = true;
    }
  }

  #forgetUpTo(position: number): void {
    this.horizon = Math.max(this.horizon, position);
  }

  /** One string for all entries of a writer. */
  #internedWriter(by: string): string {
    const known = this.#writers.get(by);
    if (known !== undefined) return known;
    this.#writers.set(by, by);
    return by;
  }
}
