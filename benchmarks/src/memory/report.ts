// Speed, memory and stalls of the memory caches, by turns:
//
//   pnpm --filter benchmarks memory [--rounds 3] [--only CASE] [--contenders 'A|B'] [--save]
import { parseArgs } from 'node:util';
import { runSuite, type SuiteResult } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';
import { writeResult } from '../write-result.ts';
import { versions } from './versions.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    contenders: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});

async function run(name: string, figures: readonly string[]): Promise<SuiteResult | undefined> {
  if (values.suite !== undefined && values.suite !== name) return undefined;
  const result = await runSuite(new URL(`./${name}-suite.ts`, import.meta.url).href, {
    rounds: Number(values.rounds),
    only: values.only,
    contenders: name === 'stalls' ? undefined : values.contenders?.split('|'),
  });
  for (const figure of figures) {
    console.log(`\n${name}, ${figure}, least of the rounds; in brackets lru-cache by it`);
    console.log(formatTable(leastOf(result, figure), 'lru-cache'));
  }
  return result;
}

const throughput = await run('throughput', ['nsPerOperation', 'hitPercent']);
const footprint = await run('footprint', ['bytesPerEntry']);
const stalls = await run('stalls', ['longestMs']);
if (values.save) writeResult('memory', { throughput, footprint, stalls }, versions);
