import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTermsOfPages, type WrittenBlock } from './written-block.ts';

const longestRunMs = 30_000;
const preload = new URL('reach-stand-in.ts', import.meta.url);
const compileCache = fileURLToPath(new URL('../.cache/compiled', import.meta.url));

const nodeOptions = [
  '--conditions=@x/source',
  '--enable-source-maps',
  '--no-warnings',
  `--import=${preload.href}`,
];

/**
 * Runs a program of a page in a process and a home folder of its own. Answers what it said, line by
 * line, when it failed or did not end by itself; else nothing.
 */
export async function runProgram(
  { program, block }: WrittenBlock,
  environment: Readonly<Record<string, string>>,
): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), 'documents-'));
  const settings = {
    cwd: home,
    env: {
      ...process.env,
      ...environment,
      HOME: home,
      USERPROFILE: home,
      NODE_COMPILE_CACHE: compileCache,
      NODE_OPTIONS: '',
    },
    timeout: longestRunMs,
  };
  try {
    return await new Promise((resolve) => {
      execFile(process.execPath, [...nodeOptions, program], settings, (error, stdout, stderr) => {
        if (error === null) return resolve([]);
        const how = error.killed ? 'does not end by itself' : 'fails';
        const said = inTermsOfPages(`${stdout}\n${stderr}`).split('\n').filter(Boolean);
        resolve([`the block at ${block.page.path}:${block.line} ${how}`, ...said]);
      });
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
