import { type BigIntStats, fstatSync, readdirSync, readSync, statSync } from 'node:fs';

/*
 * The index of the log begins with two copies of a header of 48 bytes: a counter of commits, the last frame,
 * the size of the database, checksums of the log. Commits, resets and recoveries of the log change it. To
 * find out whether others have committed SQLite itself compares it with what it saw last.
 */
const headerBytes = 96;
/** Among more descriptors it would take milliseconds to find one. */
const mostDescriptors = 4_096;

/**
 * Tells that nobody has committed, for a third of what it costs to ask SQLite. It reads the header of the
 * log's index by the descriptor under which SQLite has it open: one of our own could never be closed, as
 * that would drop all locks that the process holds on the file.
 */
export class CommitWatch {
  readonly #descriptor: number;
  #read = Buffer.alloc(headerBytes);
  #seen = Buffer.alloc(headerBytes);

  /**
   * For an open database, to be used as long as that is open.
   *
   * @param path - of the database
   * @returns `undefined` where the descriptor cannot be told beyond doubt
   */
  static over(path: string): CommitWatch | undefined {
    // Other systems do not list descriptors, or do not promise that what is read is what others mapped.
    if (process.platform !== 'linux') return undefined;
    try {
      const index = statSync(`${path}-shm`, { bigint: true });
      const listed = readdirSync('/proc/self/fd');
      if (listed.length > mostDescriptors) return undefined;
      const [descriptor, ...others] = listed.map(Number).filter((one) => isOpenFor(one, index));
      // A second one is of another copy of SQLite in this process, or of nobody knows whom.
      if (descriptor === undefined || others.length > 0) return undefined;
      return new CommitWatch(descriptor);
    } catch {
      return undefined;
    }
  }

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Whether nobody has committed since the last call. After a `false` ask the database: what is committed
   * until it answers may be told by the next call again.
   */
  isQuiet(): boolean {
    const length = readSync(this.#descriptor, this.#read, 0, headerBytes, 0);
    if (length === headerBytes && this.#read.equals(this.#seen)) return true;
    [this.#read, this.#seen] = [this.#seen, this.#read];
    return false;
  }
}

function isOpenFor(descriptor: number, file: BigIntStats): boolean {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return dev === file.dev && ino === file.ino;
  } catch {
    // The one by which the list was read is closed again.
    return false;
  }
}
