// Runs the main example in three processes each over the embedded server and over the registry that
// npm is configured for, and keeps the middle run by the time of its cold pass.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeResult } from './write-result.ts';

interface Run {
  readonly source: string;
  readonly packages: number;
  readonly passes: readonly { readonly totalMs: number }[];
  readonly speedUp: Readonly<Record<string, number>>;
}

const runs = 3;
const main = fileURLToPath(
  new URL('../../examples/repository-fetcher/src/main.ts', import.meta.url),
);

function fetchOnce(cacheFolder: string, flags: readonly string[]): Run {
  const args = [...process.execArgv, main, '--json', '--fresh', '--cache', cacheFolder, ...flags];
  const output = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { source, packages, passes, speedUp } = JSON.parse(output) as Run;
  return { source, packages, passes, speedUp };
}

const coldMs = (run: Run): number => run.passes[0]?.totalMs ?? 0;

const cacheFolder = mkdtempSync(join(tmpdir(), 'fetcher-'));
try {
  for (const [name, flags] of [
    ['fetcher-embedded', ['--offline']],
    ['fetcher-registry', []],
  ] as const) {
    const all = Array.from({ length: runs }, () => fetchOnce(cacheFolder, flags));
    const middle = all.toSorted((left, right) => coldMs(left) - coldMs(right))[runs >> 1];
    writeResult(name, { ...middle });
  }
} finally {
  rmSync(cacheFolder, { recursive: true, force: true });
}
