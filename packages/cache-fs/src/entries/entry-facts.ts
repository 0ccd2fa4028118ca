import { checkEntry, checkKey, type Entry } from '@x/interfaces';
import type { PutRecord } from '../journal/journal-record.ts';

/** Everything about an entry but its value. */
export type EntryFacts = Omit<PutRecord, 'by' | 'n' | 'type' | 'bytes'>;

/**
 * @param since - what happened to the key after this position wins over the entry
 * @throws TypeError when `entry` is none
 */
export function toFacts(key: string, entry: Entry, since: number | undefined): EntryFacts {
  checkKey(key);
  checkEntry(entry);
  const { createdAt, staleAt, expiresAt, tags, loadMs, outcome } = entry;
  return {
    key,
    createdAt: finite(createdAt) ?? 0,
    staleAt: finite(staleAt),
    expiresAt: finite(expiresAt),
    tags,
    loadMs: finite(loadMs),
    outcome,
    since,
  };
}

/** The entry around `value`. */
export function toEntry(facts: EntryFacts, value: unknown): Entry {
  const { createdAt, staleAt, expiresAt, tags, loadMs, outcome } = facts;
  return { value, createdAt, staleAt, expiresAt, tags, loadMs, outcome };
}

/** A time that JSON can hold: never is `undefined`, since ever is the lowest number. */
function finite(time: number | undefined): number | undefined {
  if (time === undefined || Number.isFinite(time)) return time;
  return time === -Infinity ? -Number.MAX_VALUE : undefined;
}
