import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Contender } from './contender.ts';
import { keyOf, payload } from './payload.ts';
import { stallContenders } from './stall-contenders.ts';
import { type Turn, TurnWatch } from './turns.ts';

const writers = 8;
const measuredMs = 6_000;
/** No set asks the system for so many writes; bringing a log into its database does. */
const writesOfCheckpoint = 40;

/** How long turns of the event loop were, in milliseconds. */
export interface TurnLengths {
  readonly count: number;
  readonly p99: number;
  readonly longest: number;
}

/** How long the event loop of a process was held up, without the time in which it had no core. */
export interface Stalls {
  /** In turns without a checkpoint. */
  readonly own: TurnLengths;
  /** In turns with one, if there were any. */
  readonly checkpoints: TurnLengths;
  /** By the clock, all turns, waiting for a core as well. */
  readonly wall: TurnLengths;
  /** The five longest of the first kind. */
  readonly worst: readonly Turn[];
  /** The same of a process that does nothing, beside the same writers. */
  readonly idle: { readonly own: TurnLengths; readonly wall: TurnLengths };
  /** What was done meanwhile. */
  readonly done: Done | undefined;
}

/** Reads and writes of the process that is watched. */
interface Done {
  readonly operations: number;
  readonly refused: number;
  /** The milliseconds that the slowest awaited write took by the clock. */
  readonly slowestSetMs: number;
}

/** Reads and writes in one process while eight others write to the same folder as fast as they can. */
export async function measureStalls(name: string): Promise<Stalls> {
  const open = stallContenders[name];
  if (open === undefined) throw new Error(`no ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'store-bench-'));
  const contender = await open(folder);
  const script = fileURLToPath(new URL('./write-on.ts', import.meta.url));
  const children = Array.from({ length: writers }, (_, index) =>
    spawn(process.execPath, ['--conditions=@x/source', script, name, folder, `${index}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  try {
    await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
    await use(contender, 1_000);
    const idle = await watch(() => wait(measuredMs / 3));
    let done: Done | undefined;
    const turns = await watch(async () => {
      done = await use(contender, measuredMs);
    });
    const isCheckpoint = ({ writes }: Turn): boolean => writes > writesOfCheckpoint;
    const own = turns.filter((turn) => !isCheckpoint(turn));
    return {
      own: lengthsOf(own.map(ownMs)),
      checkpoints: lengthsOf(turns.filter(isCheckpoint).map(ownMs)),
      wall: lengthsOf(turns.map(({ wallMs }) => wallMs)),
      worst: own.sort((one, other) => ownMs(other) - ownMs(one)).slice(0, 5),
      idle: {
        own: lengthsOf(idle.map(ownMs)),
        wall: lengthsOf(idle.map(({ wallMs }) => wallMs)),
      },
      done,
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await contender.close();
  }
}

function ownMs({ wallMs, corelessMs, cpuMs }: Turn): number {
  return Math.max(wallMs - corelessMs, cpuMs);
}

async function watch(run: () => Promise<void>): Promise<Turn[]> {
  const turns: Turn[] = [];
  const watcher = new TurnWatch((turn) => turns.push(turn));
  await run();
  watcher.close();
  return turns;
}

async function wait(forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) await setImmediate();
}

async function use(contender: Contender, forMs: number): Promise<Done> {
  const end = performance.now() + forMs;
  let operations = 0;
  let refused = 0;
  let slowestSetMs = 0;
  for (; performance.now() < end; operations += 2) {
    const key = keyOf(operations % 1_000);
    try {
      await contender.get(key);
      const start = performance.now();
      await contender.set(key, payload(operations, 1_000));
      slowestSetMs = Math.max(slowestSetMs, performance.now() - start);
    } catch {
      refused++;
    }
    await setImmediate();
  }
  return { operations, refused, slowestSetMs };
}

function lengthsOf(lengths: readonly number[]): TurnLengths {
  const sorted = [...lengths].sort((one, other) => one - other);
  const p99 = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  return { count: sorted.length, p99, longest: sorted.at(-1) ?? 0 };
}
