// Runs one case for one contender and prints its figures as JSON:
//
//   node --expose-gc child.ts <address of the suite's module> <contender> <case>
import type { Probe, Suite } from './suite.ts';

const timedRuns = 5;

function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

/** Nanoseconds of one run, of CPU time and of the clock. */
async function timeOnce(body: () => unknown): Promise<{ cpu: number; wall: number }> {
  const start = process.hrtime.bigint();
  const before = cpuNanoseconds();
  const running = body();
  if (running instanceof Promise) await running;
  return { cpu: cpuNanoseconds() - before, wall: Number(process.hrtime.bigint() - start) };
}

const figures: Record<string, number> = {};

const probe: Probe = {
  async time(operations, body) {
    await timeOnce(body);
    await timeOnce(body);
    const least = { cpu: Infinity, wall: Infinity };
    for (let run = 0; run < timedRuns; run++) {
      const { cpu, wall } = await timeOnce(body);
      least.cpu = Math.min(least.cpu, cpu);
      least.wall = Math.min(least.wall, wall);
    }
    figures['nsPerOperation'] = least.cpu / operations;
    figures['wallNsPerOperation'] = least.wall / operations;
  },
  record(name, value) {
    figures[name] = value;
  },
};

const [, , address, contenderName, caseName] = process.argv as [
  string,
  string,
  string,
  string,
  string,
];
const { suite } = (await import(address)) as { suite: Suite<unknown> };
const make = suite.contenders[contenderName];
const run = suite.cases[caseName];
if (make === undefined || run === undefined) throw new Error(`no ${contenderName}, ${caseName}`);
await run(await make(), probe);
process.stdout.write(JSON.stringify(figures), () => process.exit());
