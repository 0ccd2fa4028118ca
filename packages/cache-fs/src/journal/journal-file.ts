import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
const chunkBytes = 32 * 1_024;
const lineFeed = 10;
const noLines: readonly string[] = [];

/** How a journal is opened: as it is, made when it is missing, or made when it was missing. */
export type OpenMode = 'existing' | 'create' | 'create new';

const flagsOf: Record<OpenMode, number> = {
  existing: O_RDWR | O_APPEND,
  create: O_RDWR | O_APPEND | O_CREAT,
  'create new': O_RDWR | O_APPEND | O_CREAT | O_EXCL,
};

/** What can be seen of an open journal without reading it; `'gone'` once all of it has been read. */
export type JournalLook = 'same' | 'grown' | 'gone' | 'cut short';

/** One file of a journal. Its system appends what several processes write one after the other, whole. */
export class JournalFile {
  readonly generation: number;
  readonly #path: string;
  readonly #file: number;
  #buffer = Buffer.allocUnsafeSlow(chunkBytes);
  #offset = 0;

  constructor(path: string, generation: number, mode: OpenMode) {
    this.#path = path;
    this.generation = generation;
    this.#file = openSync(path, flagsOf[mode], 0o600);
  }

  /** How far it has been read. */
  get offset(): number {
    return this.#offset;
  }

  /** Goes on reading from there. */
  seek(offset: number): void {
    this.#offset = offset;
  }

  look(): JournalLook {
    const { nlink, size } = fstatSync(this.#file);
    if (size > this.#offset) return 'grown';
    if (size < this.#offset) return 'cut short';
    return nlink === 0 ? 'gone' : 'same';
  }

  /** Whether its path still leads to it. */
  isInPlace(): boolean {
    const here = fstatSync(this.#file);
    const there = statSync(this.#path, { throwIfNoEntry: false });
    return there?.ino === here.ino && there.dev === here.dev;
  }

  /** @throws the error of the system when not all of the text was written */
  append(text: string): void {
    const bytes = Buffer.from(text);
    const written = writeSync(this.#file, bytes);
    // What is there of it is a torn line. The disk is full, and a further byte says so.
    if (written < bytes.length) {
      writeSync(this.#file, '\n');
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
        code: 'ENOSPC',
        syscall: 'write',
      });
    }
  }

  /** The next complete lines, as many as fit in a chunk; none when there are no more. */
  readLines(): readonly string[] {
    for (;;) {
      const read = readSync(this.#file, this.#buffer, 0, this.#buffer.length, this.#offset);
      if (read === 0) return noLines;
      const end = this.#buffer.subarray(0, read).lastIndexOf(lineFeed);
      if (end !== -1) {
        this.#offset += end + 1;
        const lines = this.#buffer.toString('utf8', 0, end).split('\n');
        if (this.#buffer.length > chunkBytes) this.#buffer = Buffer.allocUnsafeSlow(chunkBytes);
        return lines;
      }
      if (read < this.#buffer.length) return noLines;
      // A line longer than the chunk.
      this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length * 4);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
