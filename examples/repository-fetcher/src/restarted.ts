import { text } from 'node:stream/consumers';
import { interruption } from './interruption.ts';
import type { RestartTask } from './restart.ts';
import { runPasses } from './run.ts';

const { names, source, options } = JSON.parse(await text(process.stdin)) as RestartTask;
const openSource = { ...source, [Symbol.asyncDispose]: async () => {} };

using interrupted = interruption();
const result = await runPasses(['restarted'], names, openSource, options, interrupted.signal);
process.stdout.write(JSON.stringify(result));
