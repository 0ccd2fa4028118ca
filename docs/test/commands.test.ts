import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { type Page, pages, root } from './pages.ts';

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

const folders = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);
const manifests = ['.', 'benchmarks', 'docs', ...folders]
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map(readManifest);
const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
const rootScripts = manifests[0]?.scripts ?? {};

/** What can be installed: what is made here, and what is used here. */
const packageNames = new Set(
  manifests.flatMap(({ name, dependencies = {}, devDependencies = {} }) =>
    [[name], Object.keys(dependencies), Object.keys(devDependencies)].flat(),
  ),
);

const ownCommandsOfPnpm = new Set(['install', 'add', 'exec', 'vitest']);

function faultOfPnpm([first = '', ...rest]: readonly string[]): string | undefined {
  if (first === 'run') return faultOfPnpm(rest);
  if (first !== '--filter') {
    const isKnown = first in rootScripts || ownCommandsOfPnpm.has(first);
    return isKnown ? undefined : `there is no script "${first}"`;
  }
  const [name = '', ...words] = rest;
  const script = words[0] === 'run' ? words[1] : words[0];
  const scripts = byName.get(name)?.scripts;
  if (scripts === undefined) return `there is no package "${name}"`;
  return script !== undefined && script in scripts
    ? undefined
    : `${name} has no script "${script}"`;
}

function faultOfNpm([command = '', ...rest]: readonly string[]): string | undefined {
  if (command === 'install' || command === 'uninstall') {
    const unknown = rest.filter((word) => !word.startsWith('-') && !packageNames.has(word));
    return unknown.length === 0 ? undefined : `nobody here knows ${unknown.join(', ')}`;
  }
  const script = command === 'run' ? rest[0] : command;
  return script !== undefined && script in rootScripts
    ? undefined
    : `there is no script "${script}"`;
}

/** What is wrong with a command, or `undefined`. */
function fault(command: string): string | undefined {
  const [program, ...words] = command.split(/\s+/);
  if (program === 'pnpm') return faultOfPnpm(words);
  if (program === 'npm') return faultOfNpm(words);
  const file = words.find((word) => /^(?:scripts|examples|benchmarks)\//.test(word));
  const isThere = file === undefined || existsSync(join(root, file));
  return isThere ? undefined : `there is no ${file}`;
}

/** What `npm install` in the blocks of a page brings. */
function installedBy(page: Page): string[] {
  return codeBlocks(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code)
    .flatMap((line) => /^npm install (.*)$/.exec(line)?.[1]?.split(' ') ?? []);
}

/** The packages that the code of a page imports, with the lines. */
function importsOf(page: Page): { readonly name: string; readonly line: number }[] {
  return codeBlocks(page).flatMap(({ code, line }) =>
    code.flatMap((text, index) => {
      const name = /(?:from |require\()'((?:@[^/']+\/)?[^/'.]+)/.exec(text)?.[1];
      const isPackage = name !== undefined && !name.startsWith('node:');
      return isPackage ? [{ name, line: line + index }] : [];
    }),
  );
}

describe('the commands in the documents', () => {
  it('install what the code of the page imports', () => {
    const faults = pages.flatMap((page) => {
      const installed = installedBy(page);
      if (installed.length === 0) return [];
      return importsOf(page)
        .filter(({ name }) => !installed.includes(name))
        .map(({ name, line }) => `${page.path}:${line}: ${name} is not installed`);
    });

    expect(faults).toEqual([]);
  });

  it('name scripts, packages and files that there are', () => {
    const faults = pages
      .flatMap(codeBlocks)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ page, line, code }) =>
        code.flatMap((text, index) => {
          const command = text.replace(/(?:^|\s)#.*$/, '').trim();
          const found = command === '' ? undefined : fault(command);
          return found === undefined ? [] : [`${page.path}:${line + index}: ${found}`];
        }),
      );

    expect(faults).toEqual([]);
  });
});
