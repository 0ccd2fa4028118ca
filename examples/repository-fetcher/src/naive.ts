import { text } from 'node:stream/consumers';
import { runNaivePass } from './naive-pass.ts';
import { createProgress } from './progress.ts';
import type { NaiveTask } from './run-naively.ts';

const { label, batchSize, names, registry } = JSON.parse(await text(process.stdin)) as NaiveTask;
const progress = createProgress(label, names.length);
const result = await runNaivePass(label, batchSize, names, registry, progress);
process.stdout.write(JSON.stringify(result));
