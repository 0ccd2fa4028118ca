import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { Cache } from '@x/interfaces';

/** What this tool tells of a file. */
export interface FileFacts {
  readonly sha256: string;
  readonly lineCount: number;
}

const newline = 10;
const chunkBytes = 1_024 * 1_024;

async function readFacts(path: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  let lineCount = 0;
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: chunkBytes });
  for await (const chunk of chunks) {
    hash.update(chunk);
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      lineCount++;
    }
  }
  return { sha256: hash.digest('hex'), lineCount };
}

/** The facts of a file, read once for as long as its size and its time of change stay the same. */
export async function factsOf(cache: Cache, file: string): Promise<FileFacts> {
  const path = await realpath(file);
  const { size, mtimeNs } = await stat(path, { bigint: true });
  return cache.getOrSet(`${path}:${size}:${mtimeNs}`, () => readFacts(path));
}
