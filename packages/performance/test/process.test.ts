import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

function runFixture(name: string, ...args: string[]): unknown {
  const fixture = fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
  const child = spawnSync(process.execPath, ['--conditions=@x/source', fixture, ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(child.stderr).toBe('');
  expect(child.status).toBe(0);
  return JSON.parse(child.stdout);
}

describe('a process with optimizers that have any of their parts switched off', () => {
  it.each(['close', 'leave'])(
    'ends by itself, with no listeners for signals and nothing native, when told to %s them',
    (what) => {
      expect(runFixture('combinations', what)).toEqual({
        combinations: 32,
        added: [],
        nativeParts: [],
      });
    },
  );
});

describe('a process that imports every package', () => {
  it('loads nothing native before it opens a SQLite store', () => {
    const manifest = new URL('../package.json', import.meta.url);
    const { name, dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      name: string;
      dependencies: Record<string, string>;
    };

    expect(runFixture('imports', name, ...Object.keys(dependencies))).toEqual({
      imported: [],
      hasLoadedLater: true,
    });
  });
});
