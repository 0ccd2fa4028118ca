import { closeSync, fstatSync, openSync, readSync, statSync, unlinkSync } from 'node:fs';
import { readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FrameError } from '@x/codec';
import { decodeHead, type EntryHead, headLength, imageLength } from './entry-image.ts';
import type { Gate } from './gate.ts';
import { makeFolder } from './make-folder.ts';
import { isOrphan, isTemporaryName, TemporaryNames } from './temporary-name.ts';

/** Files up to this size are read at once, synchronously: that costs a fraction of an async read. */
const smallFileBytes = 64 * 1_024;
const headReadBytes = 4 * 1_024;
const suffix = '.entry';
const temporaryLifetimeMs = 3_600_000;

/** The files of a store: `ab/cdef….entry`, one for each entry. */
export class EntryFiles {
  readonly #root: string;
  readonly #reads: Gate;
  readonly #temporaryNames = new TemporaryNames();
  readonly #buffer = Buffer.allocUnsafeSlow(smallFileBytes);

  constructor(root: string, reads: Gate) {
    this.#root = root;
    this.#reads = reads;
  }

  path(id: string): string {
    return join(this.#folder(id), `${id.slice(2)}${suffix}`);
  }

  /**
   * The image of an entry, `undefined` when there is none. An image answered at once lies in a
   * buffer that the next read uses again.
   *
   * @param expected - whether the file is believed to be there; a miss is cheaper when it is not
   */
  read(id: string, expected: boolean): Buffer | undefined | Promise<Buffer | undefined> {
    const path = this.path(id);
    if (!expected && statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const whole = withFile(path, (file) => {
      const start = fill(file, this.#buffer);
      if (start.length < smallFileBytes) return start;
      const bytes = fstatSync(file).size;
      // Refuses a huge foreign file before it is read.
      if (imageLength(start) !== bytes) throw new FrameError('wrong length');
      return bytes === smallFileBytes ? start : 'large';
    });
    if (whole !== 'large') return whole;
    return this.#reads.run(() => readFile(path)).catch(ignoreMissing);
  }

  /**
   * The head of an entry, `undefined` when there is no file.
   *
   * @throws FrameError when the file holds no intact head
   */
  readHead(id: string): EntryHead | undefined {
    return withFile(this.path(id), (file) => {
      const start = fill(file, this.#buffer.subarray(0, headReadBytes));
      const bytes = start.length < headReadBytes ? start.length : fstatSync(file).size;
      const needed = headLength(start);
      // A damaged length must not make us ask for gigabytes.
      const isLonger = needed > start.length && needed <= bytes;
      return decodeHead(isLonger ? fill(file, Buffer.allocUnsafe(needed)) : start, bytes);
    });
  }

  /** Puts `image` in the entry's place in one step: readers see the old file or the new one. */
  async write(id: string, image: Buffer): Promise<void> {
    try {
      await this.#writeOnce(id, image);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // The folder is not there yet, or somebody removed it.
      await makeFolder(this.#folder(id));
      await this.#writeOnce(id, image);
    }
  }

  async remove(id: string): Promise<void> {
    await unlink(this.path(id)).catch(ignoreMissing);
  }

  /** Removes the file before anything else can happen in this process. */
  removeNow(id: string): void {
    try {
      unlinkSync(this.path(id));
    } catch (error) {
      ignoreMissing(error);
    }
  }

  /**
   * Lists the entries on the disk.
   *
   * @yields the ids of one folder at a time
   */
  async *ids(): AsyncGenerator<string[]> {
    for await (const { folder, names } of this.#folders()) {
      yield names
        .filter((name) => name.length === 62 + suffix.length && name.endsWith(suffix))
        .map((name) => `${folder}${name.slice(0, 62)}`);
    }
  }

  /**
   * Removes what interrupted writes left: temporary files of dead processes and those older than an
   * hour.
   *
   * @param now - epoch ms
   * @returns how many were removed
   */
  async sweepTemporary(now: number): Promise<number> {
    let swept = 0;
    for await (const { folder, names } of this.#folders()) {
      for (const name of names.filter(isTemporaryName)) {
        const path = join(this.#root, folder, name);
        const found = isOrphan(name) ? undefined : await stat(path).catch(ignoreMissing);
        if (found !== undefined && now - found.mtimeMs < temporaryLifetimeMs) continue;
        await unlink(path).catch(ignoreMissing);
        swept++;
      }
    }
    return swept;
  }

  async *#folders(): AsyncGenerator<{ folder: string; names: string[] }> {
    const folders = (await readdir(this.#root).catch(ignoreMissing)) ?? [];
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      const names = await readdir(join(this.#root, folder)).catch(ignoreMissing);
      if (names !== undefined) yield { folder, names };
    }
  }

  async #writeOnce(id: string, image: Buffer): Promise<void> {
    const temporary = join(this.#folder(id), this.#temporaryNames.next());
    try {
      await writeFile(temporary, image, { flag: 'wx', mode: 0o600 });
      await rename(temporary, this.path(id));
    } catch (error) {
      // Without room or rights the removal may fail as well; a later sweep will do it.
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  #folder(id: string): string {
    return join(this.#root, id.slice(0, 2));
  }
}

/** What `use` answers for the open file, `undefined` when there is none. */
function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return ignoreMissing(error);
  }
  try {
    return use(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') throw new FrameError('a folder');
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The file's bytes from its start, as many as there are and `buffer` takes. */
function fill(file: number, buffer: Buffer): Buffer {
  let read = 0;
  while (read < buffer.length) {
    const got = readSync(file, buffer, read, buffer.length - read, read);
    if (got === 0) break;
    read += got;
  }
  return buffer.subarray(0, read);
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
