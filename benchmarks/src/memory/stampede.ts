import { runSuite } from '../harness/run-suite.ts';
import { writeResult } from '../write-result.ts';
import { memoiserVersions } from './memoisers.ts';

const address = new URL('./stampede-suite.ts', import.meta.url).href;
const result = await runSuite(address, { rounds: 1 });
console.log('1,000 callers at once for one key');
for (const [name, contenders] of Object.entries(result)) {
  console.log(name);
  console.table(
    Object.fromEntries(
      Object.entries(contenders).map(([contender, figures]) => [
        contender,
        Object.fromEntries(
          Object.entries(figures).map(([figure, [value = NaN]]) => [figure, Math.round(value)]),
        ),
      ]),
    ),
  );
}
writeResult('memory-stampede', { callers: 1_000, result }, memoiserVersions);
