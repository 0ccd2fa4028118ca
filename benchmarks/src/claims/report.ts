// Checks the five claims of the design that the toolkit began with; ends with 1 when one is broken.
//
//   pnpm bench:claims
import { writeFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';
import { writeResult } from '../write-result.ts';
import { cachedCall } from './cached-call.ts';
import { type Claim, judge, type Measured } from './claim.ts';
import { concurrency } from './concurrency.ts';
import { connections } from './connections.ts';
import { memory } from './memory.ts';
import { rate } from './rate.ts';

interface Result extends Measured {
  readonly claim: Claim;
  readonly verdict: string;
}

const readable = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
const rounded = (value: number): number => Number(value.toPrecision(4));

function rowOf({ claim, figure, verdict }: Result): string[] {
  const { must, goal, unit, better } = claim;
  const sign = better === 'more' ? '≥' : '≤';
  return [
    claim.claim,
    `${readable(figure)} ${unit}`,
    `${sign} ${readable(must)}`,
    `${sign} ${readable(goal)}`,
    verdict,
  ];
}

function toMarkdown(results: readonly Result[]): string {
  const { cpu, cores, node, measuredAt } = readEnvironment({});
  const rows = results.map((result) => {
    const [claim, ...cells] = rowOf(result);
    return `| ${[claim, result.claim.how, ...cells].join(' | ')} |`;
  });
  return `# The original's claims

Measured by \`pnpm bench:claims\` on ${cpu}, ${cores} cores, Node ${node.slice(1)}, ${measuredAt.slice(0, 10)}. What the figures
are made of stands in \`claims.json\`.

| claim | how measured | measured | must | go for | verdict |
|---|---|---:|---:|---:|---|
${rows.join('\n')}
`;
}

function toJson({ claim, verdict, figure, details }: Result): object {
  const { claim: text, how, unit, better, must, goal } = claim;
  const roundedDetails = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, rounded(value)]),
  );
  const judged = { figure: rounded(figure), verdict, details: roundedDetails };
  return { claim: text, how, unit, better, must, goal, ...judged };
}

const results: Result[] = [];
// The heap first, before the others have used it.
for (const claim of [memory, cachedCall, rate, connections, concurrency]) {
  const measured = await claim.measure();
  const result = { claim, ...measured, verdict: judge(claim, measured.figure) };
  results.push(result);
  console.log(rowOf(result).join('  |  '));
}
writeResult('claims', { claims: results.map(toJson) });
writeFileSync(new URL('../../results/claims.md', import.meta.url), toMarkdown(results));
if (results.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
