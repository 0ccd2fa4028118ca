import type { Awaitable, InvalidationTarget, StoreChanges } from '@x/interfaces';
import { FileRetry } from '../files/file-retry.ts';
import type { EntryFacts } from './entry-facts.ts';
import { EntryFiles } from './entry-files.ts';
import { encodeImage } from './entry-image.ts';
import { EntryReader } from './entry-reader.ts';
import { EntryRemoval } from './entry-removal.ts';
import { entrySize } from '../state/entry-size.ts';
import { Eviction } from './eviction.ts';
import type { FolderSettings } from '../folder-settings.ts';
import { Journal, type NewRecord } from '../journal/journal.ts';
import { JournalAccess } from '../journal/journal-access.ts';
import { type Put, PutQueue } from './put-queue.ts';
import type { Outcome, StoreState } from '../state/store-state.ts';
import { TurnBudget } from '../turn-budget.ts';

const mostAtOnce = 200;

/**
 * The entries of a folder: their files, the journal that says which of them count, and what is on its
 * way to both. The order of calls is the order of effects for each key.
 */
export class EntryFolder {
  readonly settings: FolderSettings;
  readonly budget: TurnBudget;
  readonly files: EntryFiles;
  readonly journal: Journal;
  readonly access: JournalAccess;
  readonly removal: EntryRemoval;
  readonly reader: EntryReader;
  readonly queue: PutQueue;
  readonly eviction: Eviction = new Eviction();
  readonly #isBounded: boolean;
  #evictions = 0;

  /** Learns what the folder holds. */
  static async open(settings: FolderSettings): Promise<EntryFolder> {
    const { root, clock, onReplaced } = settings;
    const retry = new FileRetry(clock);
    const journal = await Journal.open(
      { root, clock, retry },
      {
        replaced: onReplaced,
        abandoned: (entries) => entries.forEach((entry) => folder.removal.removeFile(entry)),
      },
    );
    const folder: EntryFolder = new EntryFolder(settings, journal, retry);
    await folder.#evict();
    return folder;
  }

  private constructor(settings: FolderSettings, journal: Journal, retry: FileRetry) {
    const { root, name, clock, maxEntries, maxBytes, onDamaged, onLost } = settings;
    this.settings = settings;
    this.journal = journal;
    const access = new JournalAccess(journal, clock, name);
    this.access = access;
    this.budget = new TurnBudget(clock);
    this.files = new EntryFiles(root, clock, retry);
    this.#isBounded = maxEntries !== Infinity || maxBytes !== Infinity;
    this.queue = new PutQueue({
      writer: journal.writer,
      files: this.files,
      retry,
      budget: this.budget,
      commit: (put) => this.#commit(put),
      discard: (file) => this.removal.removeFile(file),
      toError: (cause) => access.writeError(cause),
    });
    const { files, queue, budget } = this;
    this.removal = new EntryRemoval({ access, files, budget, retry, onLost });
    const { removal } = this;
    this.reader = new EntryReader({ access, files, queue, removal, retry, onDamaged });
  }

  get state(): StoreState {
    return this.journal.state;
  }

  get isBounded(): boolean {
    return this.#isBounded;
  }

  /** Entries removed to stay within the bounds. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Settles when the entry is in place and the bounds hold. */
  write(facts: EntryFacts, frame: Uint8Array): Awaitable<void> {
    const n = this.journal.nextNumber();
    const name = this.files.name({ by: this.journal.writer, n });
    const image = encodeImage(name, frame);
    const size = entrySize(image.bytes, facts.key, facts.tags);
    if (size > this.settings.maxBytes) return this.#displace(facts);
    return this.queue.submit({ record: { type: 'put', n, ...facts, bytes: image.bytes }, image });
  }

  /** Removes keys; answers how many entries were there that could have been served. */
  async remove(keys: readonly string[]): Promise<number> {
    let found = 0;
    const records = keys.map((key): NewRecord => {
      const pending = this.queue.drop(key);
      if (pending !== undefined && !this.access.isExpired(pending.record)) found++;
      return { type: 'delete', key };
    });
    const outcomes = await this.removal.appendSurely(records);
    const removed = outcomes.flatMap((outcome) => outcome.removed);
    found += removed.filter((entry) => this.access.isLive(entry)).length;
    await this.removal.removeFiles(removed);
    return Math.min(found, keys.length);
  }

  /** Makes what `target` matches unreadable. */
  async invalidate({ pattern, tags }: InvalidationTarget): Promise<void> {
    if (pattern === undefined) {
      const wanted = new Set(tags);
      this.queue.dropWhere(({ record }) => record.tags?.some((tag) => wanted.has(tag)) ?? false);
      await this.removal.appendSurely([{ type: 'tags', tags }]);
      return;
    }
    this.queue.dropWhere(({ record }) => pattern.matches(record.key));
    const { literalPrefix: prefix, regexSource: source, regexFlags: flags } = pattern;
    await this.removal.appendSurely([{ type: 'pattern', prefix, source, flags }]);
  }

  async clear(): Promise<void> {
    this.queue.dropWhere(() => true);
    const outcomes = await this.removal.appendSurely([{ type: 'clear' }]);
    await this.removal.removeFiles(outcomes.flatMap(({ removed }) => removed));
  }

  /** Settles when nothing is on its way and everything that others did is known. */
  async settle(): Promise<void> {
    await this.queue.settled();
    await this.access.catchUp();
  }

  /** The position of the last change, of those of this store that are on their way as well. */
  mark(): Awaitable<number> {
    const read = (): Awaitable<number> => {
      const behind = this.access.catchUp();
      return behind === undefined
        ? this.journal.position
        : behind.then(() => this.journal.position);
    };
    return this.queue.isIdle ? read() : this.queue.settled().then(read);
  }

  /** What other users of the folder changed after `cursor`. */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    const { journal } = this;
    const answer = (): StoreChanges => ({
      cursor: journal.position,
      keys: journal.changesSince(cursor),
    });
    const behind = this.access.catchUp();
    return behind === undefined ? answer() : behind.then(answer);
  }

  /** Makes the journal short. */
  async compact(): Promise<void> {
    try {
      await this.journal.rotate();
    } catch (cause) {
      throw this.access.writeError(cause);
    }
  }

  async close(): Promise<void> {
    await this.queue.settled();
    await this.journal.close();
    this.files.close();
  }

  #commit(put: Put): Awaitable<void> {
    const file = { by: this.journal.writer, n: put.record.n };
    const finish = ([outcome]: readonly Outcome[]): Awaitable<void> => {
      if (outcome?.isApplied === false) this.removal.removeFile(file);
      for (const entry of outcome?.removed ?? []) this.removal.removeFile(entry);
      if (this.#isBounded && !this.state.isWithin(this.settings)) return this.#evict();
      return undefined;
    };
    const failed = (error: unknown): never => {
      this.removal.removeFile(file);
      throw error;
    };
    try {
      const outcomes = this.access.append([put.record]);
      return outcomes instanceof Promise ? outcomes.then(finish, failed) : finish(outcomes);
    } catch (error) {
      return failed(error);
    }
  }

  /** Makes room; what cannot be removed now is removed by a later write. */
  async #evict(): Promise<void> {
    const { settings, state } = this;
    if (!this.#isBounded) return;
    while (!this.state.isWithin(settings)) {
      const chosen = this.eviction.choose(state, settings, mostAtOnce, (entry) =>
        this.access.isLive(entry),
      );
      try {
        const removed = await this.removal.removeEntries(chosen);
        this.#evictions += removed;
        if (removed > 0) settings.onEvicted(removed);
      } catch (error) {
        settings.onLost('could not evict an entry', error);
        return;
      }
    }
  }

  /** Takes an entry that is too large for the whole store in by removing what is in its place. */
  async #displace({ key, since }: EntryFacts): Promise<void> {
    this.#evictions++;
    this.settings.onEvicted(1);
    if (since === undefined) {
      await this.remove([key]);
      return;
    }
    await this.settle();
    const entry = this.state.entries.get(key);
    if (entry !== undefined && entry.position <= since) await this.removal.removeEntries([entry]);
  }
}
