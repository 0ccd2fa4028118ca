import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCacheFolder } from './cache-folder.ts';

/** What the command line asked for. */
export interface CliOptions {
  readonly files: readonly string[];
  /** Whether results are kept and found again. */
  readonly useCache: boolean;
  /** The folder that they are kept in. */
  readonly cacheFolder: string;
  /** Forgets everything first. */
  readonly clear: boolean;
  readonly help: boolean;
}

export const usage = `digest [options] FILE...

Prints the SHA-256 and the number of lines of each file. What was read before, and has not
changed since, comes from a cache.

  --cache-dir DIR  folder of the cache; default: digest in the user's cache folder
  --no-cache       read every file, keep nothing
  --clear          forget everything first
  --help           this text
`;

/** @throws TypeError for an option that does not exist, or when there is nothing to do */
export function readCliOptions(args: readonly string[]): CliOptions {
  const { values, positionals: files } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      'cache-dir': { type: 'string', default: defaultCacheFolder() },
      cache: { type: 'boolean', default: true },
      clear: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (files.length === 0 && !values.clear && !values.help) {
    throw new TypeError('Name at least one file; --help explains.');
  }
  return {
    files,
    useCache: values.cache,
    cacheFolder: resolve(values['cache-dir']),
    clear: values.clear,
    help: values.help,
  };
}
