import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './pages.ts';

/** The files of a package by their name, without folders. */
function sources(folder: string): string[] {
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, 'src', file), 'utf8'));
}

/** The properties of the exported interfaces of a package whose names end with `Options`. */
function publicOptions(folder: string): string[] {
  const index = readFileSync(join(folder, 'src/index.ts'), 'utf8');
  const names = [...index.matchAll(/\b(?!Checked)\w+Options\b/g)].map(([name]) => name);
  const code = sources(folder);
  return names.flatMap((name) => {
    const header = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms');
    const body = code.map((text) => header.exec(text)?.[1]).find((text) => text !== undefined);
    return [...(body ?? '').matchAll(/^ {2}readonly (\w+)\??:/gm)].map(
      ([, property]) => `${name}.${property}`,
    );
  });
}

// Options of contracts are explained by the packages that keep them.
const packages = readdirSync(join(root, 'packages')).filter(
  (name) => name !== 'interfaces' && existsSync(join(root, 'packages', name, 'src/index.ts')),
);

describe('the README of a package', () => {
  it.each(packages)('names every option: %s', (name) => {
    const folder = join(root, 'packages', name);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');

    const missing = publicOptions(folder).filter(
      (option) => !new RegExp(`\\b${option.split('.')[1]}\\b`).test(readme),
    );

    expect(missing).toEqual([]);
  });
});
