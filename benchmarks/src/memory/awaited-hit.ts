import { runSuite } from '../harness/run-suite.ts';
import { formatTable, leastOf } from '../harness/table.ts';
import { writeResult } from '../write-result.ts';
import { memoiserVersions } from './memoisers.ts';

const [, , rounds = '3'] = process.argv;
const address = new URL('./awaited-hit-suite.ts', import.meta.url).href;
const nanoseconds = leastOf(await runSuite(address, { rounds: Number(rounds) }), 'nsPerOperation');
console.log('CPU nanoseconds for an awaited hit (lru-cache by it)');
console.log(formatTable(nanoseconds, 'lru-cache'));
writeResult('memory-awaited-hit', { nanosecondsPerHit: nanoseconds }, memoiserVersions);
