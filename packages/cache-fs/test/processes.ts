import { type ChildProcessByStdio, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const commandOf = (name: string, args: readonly string[]): string[] => [
  '--conditions=@x/source',
  fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url)),
  ...args,
];

/** Runs a fixture to its end; answers what it printed. */
export function run(name: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, commandOf(name, args), { encoding: 'utf8' });
}

/** Runs fixtures at the same time to their ends. */
export async function runAll(
  commands: readonly (readonly [name: string, ...args: string[]])[],
): Promise<void> {
  const start = promisify(execFile);
  await Promise.all(
    commands.map(([name, ...args]) => start(process.execPath, commandOf(name, args))),
  );
}

/** A fixture that runs until it is killed, at the latest when the test ends. */
export class RunningFixture {
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  /** Starts it and waits for the first that it prints. */
  static async start(
    name: string,
    ...args: readonly string[]
  ): Promise<[fixture: RunningFixture, output: string]> {
    const child = spawn(process.execPath, commandOf(name, args), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const fixture = new RunningFixture(child);
    onTestFinished(() => fixture.kill());
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    return [fixture, output.toString()];
  }

  private constructor(child: ChildProcessByStdio<null, Readable, null>) {
    this.#child = child;
  }

  /** Kills it at once, as if by `kill -9`. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
