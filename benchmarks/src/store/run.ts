import { formatTable, leastOf } from '../harness/table.ts';
import { runSuite } from '../harness/run-suite.ts';

const [, , only] = process.argv;
const result = await runSuite(new URL('./sqlite-suite.ts', import.meta.url).href, { only });
const nanoseconds = leastOf(result, 'nsPerOperation');
console.log(formatTable(nanoseconds, 'floor'));
