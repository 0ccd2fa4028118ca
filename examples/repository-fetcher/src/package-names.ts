import { readFileSync } from 'node:fs';

const ownList = new URL('../packages.txt', import.meta.url);

function readText(file: string | undefined): string {
  try {
    return readFileSync(file ?? ownList, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`--packages must be a file that can be read, got "${file}": ${reason}`, {
      cause: error,
    });
  }
}

/**
 * The first `count` names of a list: one a line, empty lines and lines with `#` are skipped.
 *
 * @throws Error when the file cannot be read or names nothing
 */
export function readPackageNames(file: string | undefined, count: number): string[] {
  const names = readText(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (names.length === 0) throw new Error(`${file} names no package`);
  return names.slice(0, count);
}
