import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Environment, readEnvironment } from './environment.ts';

/** Writes `results/<name>.json`: the environment first, then the figures. */
export function writeResult(
  name: string,
  figures: object,
  versions: Environment['versions'] = {},
): void {
  const file = fileURLToPath(new URL(`../results/${name}.json`, import.meta.url));
  const result = { environment: readEnvironment(versions), ...figures };
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(`wrote ${file}`);
}
