import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A document of the repository. */
export interface Page {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly lines: readonly string[];
}

function foldersIn(parent: string): string[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => posix.join(parent, name));
}

function pathsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => posix.join(folder, name));
}

const folders = [
  '.',
  'docs',
  'docs/decisions',
  'docs/guides',
  'benchmarks',
  'benchmarks/results',
  ...foldersIn('packages'),
  ...foldersIn('examples'),
];

/** Every document that people read here; change logs are written by a program. */
export const pages: readonly Page[] = folders
  .flatMap(pathsIn)
  .filter((path) => !path.endsWith('CHANGELOG.md'))
  .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') }));
