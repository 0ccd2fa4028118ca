import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** How a program gets at a package. */
export type Format = 'esm' | 'cjs';

/** Milliseconds from the start of a process to when what it imports is there. */
export interface ColdImport {
  readonly wallMs: number;
  /** Of all threads, in user and system. */
  readonly cpuMs: number;
}

const print = `
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ wallMs: performance.now(), cpuMs: (user + system) / 1_000 }));`;

/** Imports `name`, or nothing, in a process of its own. Packages are the built ones. */
export async function importCold(name: string | undefined, format: Format): Promise<ColdImport> {
  const load = format === 'esm' ? `await import('${name}');` : `require('${name}');`;
  const type = format === 'esm' ? 'module' : 'commonjs';
  const program = `${name === undefined ? '' : load}${print}`;
  const args = [`--input-type=${type}`, '--eval', program];
  const { NODE_COMPILE_CACHE: _, NODE_OPTIONS: __, ...env } = process.env;
  const { stdout } = await run(process.execPath, args, { cwd, env });
  return JSON.parse(stdout) as ColdImport;
}
