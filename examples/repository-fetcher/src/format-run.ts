import type { NaivePassResult } from './naive-pass.ts';
import type { PassResult } from './pass.ts';
import type { RunResult } from './run.ts';
import { type Column, textTable } from './text-table.ts';

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

const columns: readonly Column<PassResult>[] = [
  ['pass', (pass) => pass.label],
  ['time', (pass) => ms(pass.totalMs)],
  ['packages/s', (pass) => pass.packagesPerSecond.toFixed(0)],
  ['hits', (pass) => `${(pass.hitRatio * 100).toFixed(1)} %`],
  ['p50', (pass) => ms(pass.p50Ms)],
  ['p95', (pass) => ms(pass.p95Ms)],
  ['p99', (pass) => ms(pass.p99Ms)],
  ['sent', (pass) => String(pass.requestsSent)],
  ['opened', (pass) => String(pass.connectionsOpened)],
  ['retries', (pass) => String(pass.retries)],
  ['waited', (pass) => String(pass.limiterWaits)],
  ['received', (pass) => `${(pass.bytesReceived / 1_048_576).toFixed(1)} MiB`],
  ['failed', (pass) => String(pass.failures.length)],
];

const sharedColumns: readonly Column<NaivePassResult>[] = [
  ['side by side', (pass) => pass.label],
  ['time', (pass) => ms(pass.totalMs)],
  ['sent', (pass) => String(pass.requestsSent)],
  ['opened', (pass) => String(pass.connectionsOpened)],
  ['failed', (pass) => String(pass.failures.length)],
];

function sideBySide({ naive, passes }: RunResult): string[] {
  if (naive === undefined) return [];
  const ours = passes.map((pass) => ({ ...pass, label: `toolkit, ${pass.label}` }));
  return [
    '',
    textTable(sharedColumns, [...naive, ...ours]),
    '',
    'The cold pass keeps to the rate limit (--rate) and tries again what fails; fetch does neither.',
  ];
}

function speedUpLines({ speedUp }: RunResult): string[] {
  if (speedUp === undefined) {
    return ['The first pass found entries of an earlier run; use --fresh to see a cold one.'];
  }
  return Object.entries(speedUp).map(
    ([label, times]) => `${label}: ${times.toFixed(0)} times faster per package than cold`,
  );
}

function failureLines({ passes }: RunResult): string[] {
  return passes.flatMap(({ label, failures }) =>
    failures.slice(0, 10).map(({ name, message }) => `failed in ${label}: ${name}: ${message}`),
  );
}

/** The whole run as text. */
export function formatRun(result: RunResult): string {
  return [
    `${result.packages} packages from ${result.source}`,
    '',
    textTable(columns, result.passes),
    '',
    ...speedUpLines(result),
    ...failureLines(result),
    ...sideBySide(result),
    ...result.reports.flatMap((report, index) => [
      '',
      index === 0
        ? '--- The optimizer on the first two passes'
        : '--- The optimizer after the restart',
      '',
      report,
    ]),
  ].join('\n');
}
