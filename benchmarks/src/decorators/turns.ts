import type { Probe } from '../harness/suite.ts';

/** Does one piece of work `count` times. */
export type Job = (count: number) => unknown;

const warmUps = 8;
const turns = 31;

function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

async function turn(job: Job, count: number): Promise<number> {
  const before = cpuNanoseconds();
  await job(count);
  return (cpuNanoseconds() - before) / count;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] as number;
}

/**
 * Measures jobs by turns in this process, and records under the name of each the median of its turns,
 * in nanoseconds. Under `name: more` and `name: of` stand the medians of the differences from, and of
 * the ratios to, the turn of the first job in the same round.
 */
export async function measureByTurns(
  probe: Probe,
  count: number,
  jobs: Readonly<Record<string, Job>>,
): Promise<void> {
  const names = Object.keys(jobs);
  const samples = names.map((): number[] => []);
  for (let round = -warmUps; round < turns; round++) {
    for (const [index, name] of names.entries()) {
      const nanoseconds = await turn(jobs[name] as Job, count);
      if (round >= 0) samples[index]?.push(nanoseconds);
    }
  }
  const [first = []] = samples;
  for (const [index, name] of names.entries()) {
    const own = samples[index] ?? [];
    probe.record(name, median(own));
    if (index === 0) continue;
    probe.record(`${name}: more`, median(own.map((value, at) => value - (first[at] as number))));
    probe.record(`${name}: of`, median(own.map((value, at) => value / (first[at] as number))));
  }
}

const ids = 1_000;

async function awaitEach(fn: (id: number) => Promise<number>, count: number): Promise<void> {
  let sum = 0;
  for (let call = 0; call < count; call++) sum += await fn(call % ids);
  if (sum < 0) throw new Error(`${sum} cannot be`);
}

function callEach(fn: (id: number) => number, count: number): void {
  let sum = 0;
  for (let call = 0; call < count; call++) sum += fn(call % ids);
  if (sum < 0) throw new Error(`${sum} cannot be`);
}

// A loop that has met many functions, as most code of a program has, does not put one into itself.
for (let more = 0; more < 8; more++) {
  callEach((id) => id + more, 1_000);
  await awaitEach(async (id) => id + more, 1_000);
}

/** Calls `fn` with 0 to 999, again and again, and awaits each answer. */
export const awaited =
  (fn: (id: number) => Promise<number>): Job =>
  (count) =>
    awaitEach(fn, count);

/** Calls `fn` with 0 to 999, again and again. */
export const called =
  (fn: (id: number) => number): Job =>
  (count) =>
    callEach(fn, count);
