import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The generations of which a folder has a journal or a snapshot, in ascending order. */
export interface Generations {
  readonly journals: readonly number[];
  readonly snapshots: readonly number[];
}

const journalName = /^journal-(\d{1,15})$/u;
const snapshotName = /^snapshot-(\d{1,15})$/u;

export function journalPath(root: string, generation: number): string {
  return join(root, `journal-${generation}`);
}

export function snapshotPath(root: string, generation: number): string {
  return join(root, `snapshot-${generation}`);
}

/** What is there now. */
export async function listGenerations(root: string): Promise<Generations> {
  const names = await readdir(root);
  const numbers = (shape: RegExp): number[] =>
    names
      .flatMap((name) => shape.exec(name)?.slice(1).map(Number) ?? [])
      .sort((one, other) => one - other);
  return { journals: numbers(journalName), snapshots: numbers(snapshotName) };
}
