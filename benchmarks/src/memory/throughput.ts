import { parseArgs } from 'node:util';
import { runSuite } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    contenders: { type: 'string' },
  },
});
const address = new URL('./throughput-suite.ts', import.meta.url).href;
const result = await runSuite(address, {
  rounds: Number(values.rounds),
  only: values.only,
  contenders: values.contenders?.split('|'),
});
console.log(formatTable(leastOf(result, 'nsPerOperation'), 'lru-cache'));
console.log(formatTable(leastOf(result, 'hitPercent'), ''));
