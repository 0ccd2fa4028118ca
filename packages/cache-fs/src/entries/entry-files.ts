import { closeSync, constants, mkdirSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFrameError } from '@x/codec';
import type { Clock } from '@x/interfaces';
import { makeFolder } from '@x/store-kit';
import type { FileRetry } from '../files/file-retry.ts';
import { decodeImage, type EntryImage } from './entry-image.ts';
import { Gate } from '../files/gate.ts';
import { SpareDescriptor } from '../files/spare-descriptor.ts';
import { ignoreMissing, isCode, isExhausted, isMissing } from '../files/system-error.ts';
import { isGone } from '../files/writer-id.ts';

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;

/** Files up to this size are read and written at once: that costs a fraction of doing it later. */
export const smallFileBytes: number = 256 * 1_024;
/** Large files read or written at the same time, each way. */
const filesInFlight = 16;
/** A disk that took so long for a small file is written to later, for a while. */
const slowWriteMs = 8;
const slowForMs = 2_000;
/** Files that no journal knows are left alone for so long: their writer may not be ready yet. */
const minute = 60_000;
const hour = 3_600_000;

const shape = /^(?<writer>[0-9a-f]{28})-(?<number>[0-9a-z]+)\.entry$/u;

/** Which file: the `n`-th of a writer. */
export interface FileId {
  readonly by: string;
  readonly n: number;
}

/** The files of a store: `ab/<writer>-<number>.entry`, one for each entry, never written twice. */
export class EntryFiles {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #retry: FileRetry;
  readonly #reads = new Gate(filesInFlight);
  readonly #writes = new Gate(filesInFlight);
  readonly #spare: SpareDescriptor;
  readonly #buffer = Buffer.allocUnsafeSlow(smallFileBytes + 1);
  #slowUntil = -Infinity;

  constructor(root: string, clock: Clock, retry: FileRetry) {
    this.#root = root;
    this.#clock = clock;
    this.#retry = retry;
    this.#spare = new SpareDescriptor();
  }

  name({ by, n }: FileId): string {
    return `${by}-${n.toString(36)}.entry`;
  }

  path(id: FileId): string {
    return `${this.#root}/${folderOf(id.n)}/${this.name(id)}`;
  }

  /**
   * The frame in a file; `undefined` when the file is not there. What is answered at once lies in a
   * buffer that the next read uses again.
   *
   * @param bytes - as many as the file should have
   * @throws InvalidFrameError when it is not what was written
   */
  read(id: FileId, bytes: number): Buffer | undefined | Promise<Buffer | undefined> {
    const name = this.name(id);
    const path = `${this.#root}/${folderOf(id.n)}/${name}`;
    if (bytes <= smallFileBytes) {
      const read = this.#readNow(path, this.#buffer, bytes + 1);
      return read === undefined ? undefined : decodeImage(name, this.#buffer, read, bytes);
    }
    return this.#reads.run(async () => {
      const image = Buffer.allocUnsafe(bytes + 1);
      const read = await readLarge(path, image).catch((error: unknown) => {
        if (isExhausted(error)) return this.#readNow(path, image, image.length);
        throw toFrameError(error);
      });
      return read === undefined ? undefined : decodeImage(name, image, read, bytes);
    });
  }

  /** Whether a file of this size is better written at once. */
  isWrittenAtOnce(bytes: number): boolean {
    return bytes <= smallFileBytes && this.#clock.monotonic() >= this.#slowUntil;
  }

  /** Makes the file before anything else can happen in this process. */
  writeNow(id: FileId, image: EntryImage): void {
    const path = this.path(id);
    const start = this.#clock.monotonic();
    try {
      this.#writeOnce(path, image);
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(join(this.#root, folderOf(id.n)), { recursive: true, mode: 0o700 });
      this.#writeOnce(path, image);
    }
    const end = this.#clock.monotonic();
    if (end - start > slowWriteMs) this.#slowUntil = end + slowForMs;
  }

  /** Makes the file as soon as few enough others are being made. */
  write(id: FileId, image: EntryImage): Promise<void> {
    const path = this.path(id);
    return this.#writes.run(async () => {
      try {
        await writeLarge(path, image);
      } catch (error) {
        if (isExhausted(error)) return this.writeNow(id, image);
        if (!isMissing(error)) throw error;
        await makeFolder(join(this.#root, folderOf(id.n)));
        await writeLarge(path, image);
      }
    });
  }

  /** Removes the file, which may be gone already. */
  removeNow(id: FileId): void {
    try {
      unlinkSync(this.path(id));
    } catch (error) {
      ignoreMissing(error);
    }
  }

  /**
   * Removes files that interrupted writes and removals left.
   *
   * @param isKnown - asked at once for all files of a folder, after they were listed
   * @returns how many were removed
   */
  async removeOrphans(
    isKnown: (name: string) => Promise<(name: string) => boolean>,
  ): Promise<number> {
    let removed = 0;
    const folders = (await readdir(this.#root).catch(ignoreMissing)) ?? [];
    for (const folder of folders) {
      if (!/^[0-9a-f]{2}$/u.test(folder)) continue;
      const names = (await readdir(join(this.#root, folder)).catch(ignoreMissing)) ?? [];
      const isNeeded = await isKnown(folder);
      for (const name of names) {
        const { writer } = shape.exec(name)?.groups ?? {};
        if (writer === undefined || isNeeded(name)) continue;
        const path = join(this.#root, folder, name);
        const found = await stat(path).catch(ignoreMissing);
        if (!found?.isFile()) continue;
        const age = this.#clock.now() - found.mtimeMs;
        if (age < (isGone(writer) ? minute : hour)) continue;
        await this.#retry.run(() => unlink(path)).catch(ignoreMissing);
        removed++;
      }
    }
    return removed;
  }

  close(): void {
    this.#spare.close();
  }

  /** Reads up to `most` bytes; answers how many there were, `undefined` without a file. */
  #readNow(path: string, buffer: Buffer, most: number): number | undefined {
    let file: number;
    try {
      file = this.#spare.open(path, O_RDONLY);
    } catch (error) {
      return ignoreMissing(error);
    }
    try {
      return fill(file, buffer, most);
    } catch (error) {
      throw toFrameError(error);
    } finally {
      closeSync(file);
    }
  }

  #writeOnce(path: string, { head, frame, bytes }: EntryImage): void {
    const file = this.#spare.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    let isDone = false;
    try {
      // Into memory that is there already, as nothing is read before this is written.
      const whole = bytes <= smallFileBytes ? this.#buffer : Buffer.allocUnsafe(bytes);
      whole.set(head);
      whole.set(frame, head.length);
      for (let written = 0; written < bytes;) {
        written += writeSync(file, whole, written, bytes - written);
      }
      isDone = true;
    } finally {
      closeSync(file);
      if (!isDone) removeQuietly(path);
    }
  }
}

const folders: readonly string[] = Array.from({ length: 256 }, (_, index) =>
  index.toString(16).padStart(2, '0'),
);

function folderOf(n: number): string {
  return folders[n & 0xff] ?? '';
}

/** Removes what could not be written whole; a sweep takes what is left. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // What could not be written is what the caller has to know.
  }
}

/** What is no file is no entry either. */
function toFrameError(error: unknown): unknown {
  return isCode(error, 'EISDIR') ? new InvalidFrameError('a folder', { cause: error }) : error;
}

/** Reads the file from its start, up to `most` bytes; answers how many there were. */
function fill(file: number, buffer: Buffer, most: number): number {
  let read = 0;
  while (read < most) {
    const got = readSync(file, buffer, read, most - read, null);
    read += got;
    // There is room for one byte more than there should be: most often this is the end.
    if (got === 0 || read === most - 1) break;
  }
  return read;
}

/** The same in the thread pool, up to the size of the buffer. */
async function readLarge(path: string, buffer: Buffer): Promise<number | undefined> {
  const file = await open(path, 'r').catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    let read = 0;
    while (read < buffer.length) {
      const { bytesRead } = await file.read(buffer, read, buffer.length - read, read);
      read += bytesRead;
      if (bytesRead === 0 || read === buffer.length - 1) break;
    }
    return read;
  } finally {
    await file.close();
  }
}

async function writeLarge(path: string, { head, frame }: EntryImage): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile([head, frame]);
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}
