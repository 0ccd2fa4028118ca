import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, ttlMs } from './contender.ts';

interface Kept {
  readonly expires: number;
  readonly value: unknown;
}

/**
 * What one would write by hand: a file for each key in one folder, named by the SHA-256 of the key, with
 * JSON and a deadline; read synchronously, written to a temporary file that is renamed. No checksum, no
 * bounds, no tags, and nothing that keeps two writers apart.
 */
export function fileFloor(folder: string): Contender {
  let count = 0;
  const pathOf = (key: string): string => join(folder, hash('sha256', key));
  return {
    get(key) {
      const path = pathOf(key);
      if (!existsSync(path)) return undefined;
      const { expires, value } = JSON.parse(readFileSync(path, 'utf8')) as Kept;
      return expires > Date.now() ? value : undefined;
    },
    async set(key, value) {
      const path = pathOf(key);
      const temporary = `${path}.${++count}`;
      const kept: Kept = { expires: Date.now() + ttlMs, value };
      await writeFile(temporary, JSON.stringify(kept), { flag: 'wx', mode: 0o600 });
      await rename(temporary, path);
    },
    close: () => undefined,
  };
}

/** The same, read by the promises of Node as well. */
export function promisesFloor(folder: string): Contender {
  const floor = fileFloor(folder);
  return {
    ...floor,
    async get(key) {
      try {
        const { expires, value } = JSON.parse(
          await readFile(join(folder, hash('sha256', key)), 'utf8'),
        ) as Kept;
        return expires > Date.now() ? value : undefined;
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
