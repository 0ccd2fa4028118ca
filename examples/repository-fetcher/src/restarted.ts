import { text } from 'node:stream/consumers';
import { interruption } from './interruption.ts';
import type { RestartTask } from './restart.ts';
import { runPasses } from './run.ts';

const { names, source, options } = JSON.parse(await text(process.stdin)) as RestartTask;
const openSource = { ...source, [Symbol.asyncDispose]: async () => {} };

using interrupted = interruption();
try {
  const result = await runPasses(['restarted'], names, openSource, options, interrupted.signal);
  process.stdout.write(JSON.stringify(result));
} catch (error) {
  process.exitCode = 1;
  // The process that started this one says so as well.
  if (!interrupted.signal.aborted) console.error(error);
}
