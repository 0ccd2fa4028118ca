import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { expandHome, makeFolder } from '@x/store-kit';

/** The file of a database, with the two that SQLite keeps beside it. */
export class DatabaseFile {
  /** Absolute, or `:memory:`. */
  readonly path: string;

  /** @param path - as the user wrote it */
  constructor(path: string) {
    this.path = path === ':memory:' ? path : resolve(expandHome(path));
  }

  /** Another database beside it, of the kind `suffix`. */
  beside(suffix: string): DatabaseFile {
    return new DatabaseFile(this.isInMemory ? this.path : `${this.path}-${suffix}`);
  }

  get isInMemory(): boolean {
    return this.path === ':memory:';
  }

  /** Makes the folders above it. */
  async makeFolders(): Promise<void> {
    if (!this.isInMemory) await makeFolder(dirname(this.path));
  }

  /**
   * Creates the file for the owner alone when it is missing; SQLite's other files inherit that. One that is
   * there is not opened: to close it again would drop the locks that other stores of this process hold.
   *
   * @throws errors of the file system when it cannot be made or written
   */
  create(): void {
    if (this.isInMemory) return;
    try {
      closeSync(openSync(this.path, 'wx', 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (statSync(this.path).isDirectory()) closeSync(openSync(this.path, 'a'));
      accessSync(this.path, constants.W_OK);
    }
  }

  /** Bytes of the file and its log. */
  bytes(): number {
    if (this.isInMemory) return 0;
    const sizes = ['', '-wal'].map(
      (suffix) => statSync(`${this.path}${suffix}`, { throwIfNoEntry: false })?.size ?? 0,
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Tells the file now at the path from another one; `undefined` when there is none. */
  identity(): string | undefined {
    if (this.isInMemory) return this.path;
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.dev}:${found.ino}`;
  }

  /** Removes the file and the two beside it. */
  remove(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.path}${suffix}`, { force: true });
  }

  /**
   * Puts the damaged file aside and removes what an earlier time was put aside: one is kept.
   *
   * @param now - epoch ms, for the name
   * @returns where it is now
   */
  quarantine(now: number): string {
    const movedTo = `${this.path}.corrupt-${new Date(now).toISOString().replaceAll(':', '-')}`;
    const folder = dirname(this.path);
    const earlier = `${basename(this.path)}.corrupt-`;
    for (const name of readdirSync(folder).filter((name) => name.startsWith(earlier))) {
      rmSync(join(folder, name), { force: true });
    }
    // A log left in place would be replayed into the new file.
    renameIfThere(`${this.path}-wal`, `${movedTo}-wal`);
    rmSync(`${this.path}-shm`, { force: true });
    renameIfThere(this.path, movedTo);
    return movedTo;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
