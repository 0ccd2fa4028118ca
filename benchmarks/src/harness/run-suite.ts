import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Suite } from './suite.ts';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));
const run = promisify(execFile);

/** The figures of one contender in one case, one array element a round. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** Case, then contender, then figure. */
export type SuiteResult = Record<string, Record<string, Samples>>;

export interface RunOptions {
  /** How often each contender has its turn in each case. @defaultValue 3 */
  readonly rounds?: number | undefined;
  /** Only cases whose name contains it. */
  readonly only?: string | undefined;
  /** Only these contenders. */
  readonly contenders?: readonly string[] | undefined;
}

/**
 * Runs the suite that the module at `address` exports. In each round each contender has a turn of its
 * own process, so that neither the order nor a slow moment of the machine favours one of them.
 */
export async function runSuite(address: string, options: RunOptions = {}): Promise<SuiteResult> {
  const { suite } = (await import(address)) as { suite: Suite<unknown> };
  const result: SuiteResult = {};
  for (const caseName of Object.keys(suite.cases)) {
    if (!caseName.includes(options.only ?? '')) continue;
    const figures: Record<string, Record<string, number[]>> = {};
    for (let round = 0; round < (options.rounds ?? 3); round++) {
      for (const contender of options.contenders ?? Object.keys(suite.contenders)) {
        if (suite.leftOut?.includes(`${contender}: ${caseName}`)) continue;
        const samples = (figures[contender] ??= {});
        const answer = await runCase(address, contender, caseName);
        for (const [figure, value] of Object.entries(answer)) (samples[figure] ??= []).push(value);
      }
    }
    result[caseName] = figures;
  }
  return result;
}

async function runCase(
  address: string,
  contender: string,
  caseName: string,
): Promise<Record<string, number>> {
  const flags = ['--conditions=@x/source', '--expose-gc', '--max-old-space-size=8192'];
  const { stdout } = await run(process.execPath, [...flags, child, address, contender, caseName], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Record<string, number>;
}
