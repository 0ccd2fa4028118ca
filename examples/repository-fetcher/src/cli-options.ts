import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface CliOptions {
  /** A file with package names, one a line. */
  readonly packagesFile: string | undefined;
  /** How many of the names to fetch. */
  readonly count: number;
  /** Requests per second that the registry is asked for at most. */
  readonly rate: number;
  /** The folder that the cache is kept in. */
  readonly cacheFolder: string;
  /** Empties the cache first. */
  readonly fresh: boolean;
  /** Asks the embedded upstream instead of the registry. */
  readonly offline: boolean;
  /** Fetches the packages without the toolkit as well. */
  readonly naive: boolean;
  /** Prints the report as JSON. */
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `npm start -- [options]

  --packages FILE  names to fetch, one a line; default: the list of this example
  --count N        how many of them; default: 300
  --rate N         requests per second at most; default: 25
  --cache DIR      folder of the cache; default: .cache in this example
  --fresh          empty the cache first
  --offline        ask the embedded server on this machine instead of the registry
  --naive          do it by plain fetch as well, and show both side by side
  --json           print the report as JSON
  --help           this text
`;

const ownCacheFolder = fileURLToPath(new URL('../.cache', import.meta.url));

function positiveInteger(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`--${name} must be a whole number above 0, got "${text}"`);
}

/** @throws TypeError for an option that does not exist or cannot be read */
export function readCliOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      packages: { type: 'string' },
      count: { type: 'string', default: '300' },
      rate: { type: 'string', default: '25' },
      cache: { type: 'string', default: ownCacheFolder },
      fresh: { type: 'boolean', default: false },
      offline: { type: 'boolean', default: false },
      naive: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    packagesFile: values.packages,
    count: positiveInteger('count', values.count),
    rate: positiveInteger('rate', values.rate),
    cacheFolder: resolve(values.cache),
    fresh: values.fresh,
    offline: values.offline,
    naive: values.naive,
    json: values.json,
    help: values.help,
  };
}
