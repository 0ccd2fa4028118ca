import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { JobName } from './jobs.ts';
import type { StoreOpener } from './store-opener.ts';

const script = fileURLToPath(new URL('run-job.ts', import.meta.url));
const flags = ['--conditions=@x/source'];
/** Without it two thirds of a short process go into reading its own code. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'store-tests-compile-cache') };

type JobArguments = readonly [job: JobName, ...options: string[]];

/** Other processes and threads that use the store in a folder. */
export class StoreProcesses {
  readonly #address: string;
  readonly #folder: string;

  constructor({ address }: StoreOpener, folder: string) {
    this.#address = address;
    this.#folder = folder;
  }

  /** Does a job to its end, in a process; answers what it printed. */
  run(...job: JobArguments): string {
    return execFileSync(process.execPath, this.#commandOf(job), { encoding: 'utf8', env });
  }

  /** Does several jobs at the same time to their ends, each in a process. */
  async runAll(some: readonly JobArguments[]): Promise<void> {
    const start = promisify(execFile);
    await Promise.all(some.map((job) => start(process.execPath, this.#commandOf(job), { env })));
  }

  /** Does several jobs at the same time to their ends, each in a thread of this process. */
  async runThreads(some: readonly JobArguments[]): Promise<void> {
    await Promise.all(
      some.map((job) => {
        const argv = [this.#address, this.#folder, ...job];
        return once(new Worker(script, { argv, execArgv: flags }), 'exit');
      }),
    );
  }

  /** Starts a job in a process that ends with the test at the latest. */
  start(...job: JobArguments): RunningJob {
    const child = spawn(process.execPath, this.#commandOf(job), {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new RunningJob(child.stdout, async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    });
  }

  /** Starts a job in a thread of this process that ends with the test at the latest. */
  startThread(...job: JobArguments): RunningJob {
    const argv = [this.#address, this.#folder, ...job];
    const thread = new Worker(script, { argv, execArgv: flags, stdout: true });
    return new RunningJob(thread.stdout, async () => void (await thread.terminate()));
  }

  #commandOf(job: JobArguments): string[] {
    return [...flags, script, this.#address, this.#folder, ...job];
  }
}

/** A job under way in a process or a thread. */
export class RunningJob {
  readonly #lines: AsyncIterableIterator<string>;
  /** Ends it in the middle of what it does, as `kill -9` does, unless it has ended. */
  readonly kill: () => Promise<void>;

  constructor(output: Readable, kill: () => Promise<void>) {
    this.#lines = createInterface({ input: output })[Symbol.asyncIterator]();
    this.kill = kill;
    onTestFinished(kill);
  }

  /** The next line that it prints; `undefined` when it has ended. */
  async nextLine(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }
}
