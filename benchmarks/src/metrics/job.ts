import type { Case, Suite } from '../harness/suite.ts';

/** One thing that a contender does. */
export interface Job {
  /** Does it `count` times. */
  run(count: number): unknown;
  /** Throws unless it was done `count` times altogether. */
  check?(count: number): void | Promise<void>;
}

/** What a contender can do, by the name of the case. */
export type Jobs = Readonly<Record<string, () => Job>>;

/** A suite in which each contender does what it can. */
export function suiteOf(
  contenders: Readonly<Record<string, Jobs>>,
  counts: Readonly<Record<string, number>>,
): Suite<Jobs> {
  const cases: Record<string, Case<Jobs>> = {};
  for (const [name, count] of Object.entries(counts)) {
    cases[name] = async (jobs, probe) => {
      const job = jobs[name]?.();
      if (job === undefined) throw new Error(`nobody does "${name}"`);
      let runs = 0;
      await probe.time(count, () => {
        runs++;
        return job.run(count);
      });
      await job.check?.(runs * count);
    };
  }
  return {
    contenders: Object.fromEntries(
      Object.entries(contenders).map(([name, jobs]) => [name, () => jobs]),
    ),
    cases,
    leftOut: Object.entries(contenders).flatMap(([contender, jobs]) =>
      Object.keys(counts)
        .filter((name) => !(name in jobs))
        .map((name) => `${contender}: ${name}`),
    ),
  };
}
