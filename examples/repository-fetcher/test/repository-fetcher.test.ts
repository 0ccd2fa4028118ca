import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunResult } from '../src/run.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const nodeArguments = ['--conditions=@x/source', '--import=tsx', main, '--offline'];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repository-fetcher-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...nodeArguments, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
}

describe('the example repository-fetcher, offline', () => {
  it('makes three passes, the later ones from the cache, also after a restart', () => {
    const options = ['--cache', temporaryFolder(), '--count', '30', '--rate', '500', '--json'];
    const { status, stdout } = run(...options);
    const { passes, speedUp } = JSON.parse(stdout) as RunResult;

    expect(status).toBe(0);
    expect(passes.map(({ label, hitRatio }) => [label, hitRatio])).toEqual([
      ['cold', 0],
      ['warm', 1],
      ['restarted', 1],
    ]);
    expect(passes.flatMap(({ failures }) => failures)).toEqual([]);
    expect(passes[0]?.requestsSent).toBeGreaterThanOrEqual(30);
    expect(passes[0]?.connectionsOpened).toBeLessThanOrEqual(20);
    expect(passes.slice(1).map(({ requestsSent }) => requestsSent)).toEqual([0, 0]);
    expect(Object.keys(speedUp ?? {})).toEqual(['warm', 'restarted']);

    const again = JSON.parse(run(...options).stdout) as RunResult;
    expect(again.passes[0]?.hitRatio).toBe(1);
    expect(again.speedUp).toBeUndefined();

    const fresh = JSON.parse(run(...options, '--fresh').stdout) as RunResult;
    expect(fresh.passes[0]?.hitRatio).toBe(0);
  });

  it('prints a table and what the optimizer says of itself', () => {
    const { stdout, stderr, status } = run('--cache', temporaryFolder(), '--count', '10');

    expect(status).toBe(0);
    expect(stderr).toMatch(/Fetching 10 packages from the embedded server/);
    expect(stderr).toMatch(/cold 10\/10/);
    expect(stdout).toMatch(/^cold +.* ms/m);
    expect(stdout).toMatch(/^restarted: \d+ times faster per package than cold/m);
    expect(stdout).toMatch(/Pool\n +requests/);
  });

  it('does the same by plain fetch when asked to, and shows both', () => {
    const options = ['--cache', temporaryFolder(), '--count', '30', '--rate', '500', '--naive'];
    const { stdout } = run(...options);

    expect(stdout).toMatch(/^side by side +time +sent +opened +failed$/m);
    expect(stdout).toMatch(/^fetch, all at once +\d+ ms +30 +30 +[1-9]\d*$/m);
    expect(stdout).toMatch(/^fetch, ten at a time +\d+ ms +30 +10 +[1-9]\d*$/m);
    expect(stdout).toMatch(/^toolkit, cold +\d+ ms +3\d +\d+ +0$/m);
    expect(stdout).toMatch(/^toolkit, warm +\S+ ms +0 +0 +0$/m);
  });

  it('stops cleanly when interrupted, and goes on from there', async () => {
    const options = ['--cache', temporaryFolder(), '--count', '40', '--rate', '20'];
    const child = spawn(process.execPath, [...nodeArguments, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let messages = '';
    let isInterrupted = false;
    for await (const chunk of child.stderr.setEncoding('utf8')) {
      messages += chunk as string;
      if (isInterrupted || !messages.includes('cold 20/40')) continue;
      isInterrupted = child.kill('SIGINT');
    }
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];

    expect(code).toBe(130);
    expect(messages).toContain('Interrupted. What was fetched is kept');
    const { passes } = JSON.parse(run(...options, '--json').stdout) as RunResult;
    expect(passes[0]?.hitRatio).toBeGreaterThanOrEqual(0.5);
    expect(passes.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it.each([
    [['--count', 'many'], /--count must be a whole number above 0, got "many"/],
    [['--colour'], /colour/],
    [['--packages', '/nowhere'], /--packages must be a file that can be read, got "\/nowhere"/],
  ])('refuses %o with a message', (args, message) => {
    const { status, stderr } = run(...args);

    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('explains itself', () => {
    expect(run('--help').stdout).toContain('--packages FILE');
  });
});

describe('the example repository-fetcher without a registry', () => {
  it('says why and goes on with the embedded server when npm cannot be asked', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...nodeArguments.slice(0, -1), '--cache', temporaryFolder(), '--count', '3', '--json'],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, PATH: '/nowhere' } },
    );

    expect(stderr).toMatch(/The registry cannot be used \(.*npm.*\)\. Going on with the embedded/);
    expect(status).toBe(0);
  });

  it('says why and goes on with the embedded server when nobody answers', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...nodeArguments.slice(0, -1), '--cache', temporaryFolder(), '--count', '3', '--json'],
      {
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9/' },
      },
    );

    expect(stderr).toMatch(
      /The registry cannot be used \(.*\)\. Going on with the embedded server/,
    );
    expect(status).toBe(0);
  });
});
