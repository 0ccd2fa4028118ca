import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const nodeArguments = ['--conditions=@x/source', main];

/** Without the compile cache most of a short process goes into reading its own code. */
const environmentFor = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: join(tmpdir(), 'command-line-tool-compile-cache'),
  XDG_CACHE_HOME: join(folder, 'cache'),
});

/** A folder with files `a` and `b`, and room for a cache. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-tool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a'), 'one\ntwo\n');
  writeFileSync(join(folder, 'b'), 'no newline');
  return folder;
}

function run(folder: string, ...args: string[]) {
  return spawnSync(process.execPath, [...nodeArguments, ...args], {
    cwd: folder,
    env: environmentFor(folder),
    encoding: 'utf8',
    timeout: 60_000,
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the example command-line-tool', () => {
  it('reads a file once for as long as it does not change', () => {
    const folder = temporaryFolder();
    const first = run(folder, 'a', 'b');
    const second = run(folder, 'a', 'b');
    writeFileSync(join(folder, 'b'), 'now\nmore\nlines\n');
    const third = run(folder, 'a', 'b');

    expect(first.stdout).toBe(`${sha256('one\ntwo\n')}  2  a\n${sha256('no newline')}  0  b\n`);
    expect(first.stderr).toBe('2 files, 0 from the cache\n');
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toBe('2 files, 2 from the cache\n');
    expect(third.stdout).toContain(`${sha256('now\nmore\nlines\n')}  3  b\n`);
    expect(third.stderr).toBe('2 files, 1 from the cache\n');
    expect([first, second, third].map(({ status }) => status)).toEqual([0, 0, 0]);
  });

  it('keeps nothing with --no-cache, forgets with --clear, and looks where --cache-dir says', () => {
    const folder = temporaryFolder();
    const counts = [
      ['a'],
      ['--no-cache', 'a'],
      ['--cache-dir', 'elsewhere', 'a'],
      ['a'],
      ['--clear', 'a'],
    ].map((args) => run(folder, ...args).stderr);

    expect(counts.map((text) => /, (\d) from/.exec(text)?.[1])).toEqual(['0', '0', '0', '1', '0']);
  });

  it('finds again what was read before it was killed', async () => {
    const folder = temporaryFolder();
    const huge = join(folder, 'huge');
    writeFileSync(huge, '');
    // It takes no room on the disk, but long to read.
    truncateSync(huge, 64 * 1_024 ** 3);
    const child = spawn(process.execPath, [...nodeArguments, 'a', 'b', huge], {
      cwd: folder,
      env: environmentFor(folder),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk as string;
      if (output.split('\n').length > 2) child.kill('SIGKILL');
    }
    if (child.signalCode === null) await once(child, 'exit');
    truncateSync(huge, 10);
    const { stdout, stderr, status } = run(folder, 'a', 'b', huge);

    expect(stdout.startsWith(output)).toBe(true);
    expect(stderr).toBe('3 files, 2 from the cache\n');
    expect(status).toBe(0);
  });

  it('works without a cache where the folder cannot be used', () => {
    const folder = temporaryFolder();
    const { stdout, stderr, status } = run(folder, '--cache-dir', 'b', 'a');

    expect(stdout).toContain(sha256('one\ntwo\n'));
    expect(stderr).toMatch(/^Going on without a cache: directory ".*b" cannot be used/);
    expect(status).toBe(0);
  });

  it('reads the other files when one is missing, and says so', () => {
    const folder = temporaryFolder();
    const { stdout, stderr, status } = run(folder, 'none', 'a');

    expect(stdout).toContain(sha256('one\ntwo\n'));
    expect(stderr).toMatch(/^none: ENOENT/);
    expect(status).toBe(1);
  });

  it.each([
    [[], 'Name at least one file; --help explains.\n'],
    [['--colour'], expect.stringContaining("'--colour'")],
  ])('refuses %o with a message', (args, message) => {
    const { status, stderr } = run(temporaryFolder(), ...args);

    expect([status, stderr]).toEqual([1, message]);
  });

  it('explains itself', () => {
    expect(run(temporaryFolder(), '--help').stdout).toContain('--cache-dir DIR');
  });
});
