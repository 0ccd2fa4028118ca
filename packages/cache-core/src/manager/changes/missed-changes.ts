import type { Change, KeyChange, WideChange } from './change.ts';
import { shareTag } from '../checks.ts';

/** Changes kept for one store; beyond that it is to be cleared instead. */
const mostChanges = 1_000;

/**
 * The changes that a store missed, in the order in which it has to make up for them. Of one key only
 * the newest is kept.
 */
export class MissedChanges {
  readonly #changes = new Map<string | WideChange, KeyChange | WideChange>();
  readonly #wide = new Set<WideChange>();
  /** Invalidations of tags that were made up for so far. */
  #madeUpTags = 0;

  get size(): number {
    return this.#changes.size;
  }

  add(change: Change): void {
    switch (change.operation) {
      case 'setMany':
        for (const [key, entry] of change.entries) {
          this.#addKey({ operation: 'set', key, entry });
        }
        break;
      case 'deleteMany':
        for (const key of change.keys) this.#addKey({ operation: 'delete', key });
        break;
      case 'set':
      case 'delete':
        this.#addKey(change);
        break;
      case 'clear':
      case 'invalidate':
        this.#addWide(change);
    }
    if (this.#changes.size > mostChanges) this.#addWide({ operation: 'clear' });
  }

  /** Whether what the store has at `key`, with these tags, may be out of date. */
  affects(key: string, tags: readonly string[] | undefined): boolean {
    if (this.#changes.has(key)) return true;
    for (const change of this.#wide) {
      if (change.operation === 'clear') return true;
      const { pattern, tags: invalidated } = change.target;
      if (invalidated === undefined ? pattern.matches(key) : shareTag(tags, invalidated)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A mark for a read that begins now, if invalidations of tags are missing: which entries these
   * concern is not known before the read ends, and they may be made up for until then.
   */
  markTags(): number | undefined {
    for (const change of this.#wide) {
      if (change.operation === 'invalidate' && change.target.tags) return this.#madeUpTags;
    }
    return undefined;
  }

  /** Whether invalidations of tags were made up for since `mark`. */
  madeUpTagsSince(mark: number): boolean {
    return mark !== this.#madeUpTags;
  }

  /** The oldest changes, at most `count`. */
  first(count: number): (KeyChange | WideChange)[] {
    const first: (KeyChange | WideChange)[] = [];
    for (const change of this.#changes.values()) {
      if (first.length === count) break;
      first.push(change);
    }
    return first;
  }

  /** `change` was made up for, unless a newer one of its key came meanwhile. */
  remove(change: Change): void {
    if ('key' in change) {
      if (this.#changes.get(change.key) === change) this.#changes.delete(change.key);
    } else if (change.operation === 'clear' || change.operation === 'invalidate') {
      if (!this.#wide.delete(change)) return;
      this.#changes.delete(change);
      if (change.operation === 'invalidate' && change.target.tags) this.#madeUpTags++;
    }
  }

  /** Puts `other` where `change` stands. */
  replace(change: KeyChange, other: KeyChange): void {
    if (this.#changes.get(change.key) === change) this.#changes.set(change.key, other);
  }

  /** Keeps of each value only that the older one has to go. */
  dropValues(): void {
    for (const change of this.#changes.values()) {
      if (change.operation !== 'set') continue;
      this.replace(change, { operation: 'delete', key: change.key });
    }
  }

  // A key set anew goes to the end: what came between concerns its older value.
  #addKey(change: KeyChange): void {
    this.#changes.delete(change.key);
    this.#changes.set(change.key, change);
  }

  #addWide(change: WideChange): void {
    if (change.operation === 'clear') {
      this.#changes.clear();
      this.#wide.clear();
    }
    this.#changes.set(change, change);
    this.#wide.add(change);
  }
}
