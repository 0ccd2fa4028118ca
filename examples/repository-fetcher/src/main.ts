import { readCliOptions, usage, type CliOptions } from './cli-options.ts';
import { formatRun } from './format-run.ts';
import { InterruptedError, interruption } from './interruption.ts';
import { readPackageNames } from './package-names.ts';
import { runAfterRestart } from './restart.ts';
import { runNaively } from './run-naively.ts';
import { emptyCache, runPasses, speedUps, type RunResult } from './run.ts';
import { openSource } from './source.ts';

const say = (message: string): void => void process.stderr.write(`${message}\n`);

async function fetchThreeTimes(options: CliOptions, signal: AbortSignal): Promise<RunResult> {
  const names = readPackageNames(options.packagesFile, options.count);
  const { offline } = options;
  await using source = await openSource({ offline, probeName: names[0] ?? '', signal, say });
  const { id, description, address } = source;
  say(`Fetching ${names.length} packages from ${description}, at most ${options.rate} a second`);
  if (options.fresh) await emptyCache(source, options);

  const first = await runPasses(['cold', 'warm'], names, source, options, signal);
  const task = {
    names,
    source: { id, description, address },
    options: { rate: options.rate, cacheFolder: options.cacheFolder },
  };
  const restarted = await runAfterRestart(task, signal);
  const passes = [...first.passes, ...restarted.passes];
  const naive = options.naive ? await runNaively(names, source, signal) : undefined;
  return {
    source: description,
    packages: names.length,
    passes,
    speedUp: speedUps(passes),
    naive,
    reports: [first.report, restarted.report],
  };
}

async function main(): Promise<number> {
  const options = readCliOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  using interrupted = interruption();
  try {
    const result = await fetchThreeTimes(options, interrupted.signal);
    process.stdout.write(
      options.json ? `${JSON.stringify(result, undefined, 2)}\n` : `\n${formatRun(result)}\n`,
    );
    return result.passes.some(({ failures }) => failures.length > 0) ? 1 : 0;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    say(new InterruptedError().message);
    return 130;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
