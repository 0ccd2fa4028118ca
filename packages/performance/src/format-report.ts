import type { SemaphoreStats } from '@x/ratelimit';
import type { PerformanceFacts as Facts } from './performance-report.ts';
import { plural } from './plural.ts';

type Row = readonly [label: string, value: string];

const count = (value: number): string => value.toLocaleString('en-US');
const counted = (value: number, one: string): string => `${count(value)} ${plural(value, one)}`;
const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;
const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  let amount = value;
  for (; amount >= 1_024 && unit < units.length - 1; unit++) amount /= 1_024;
  return `${amount.toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join('\n');
}

function cacheSection({ cache }: Facts): string | undefined {
  if (cache === undefined) return undefined;
  return section('Cache', [
    ['hits', `${count(cache.hits)} (${percent(cache.hitRatio)})`],
    ['misses', count(cache.misses)],
    ['loads', `${count(cache.loads)}, ${count(cache.loadFailures)} failed`],
    ['shared loads', count(cache.coalesced)],
    ['entries', `${count(cache.entries)}, ${bytes(cache.bytes)}`],
    ['evicted', `${count(cache.evictions)}, ${count(cache.expirations)} expired`],
  ]);
}

function rateLimitSection({ rateLimit }: Facts): string | undefined {
  if (rateLimit === undefined) return undefined;
  const { granted, grantedPermits, waited, totalWaitMs, maxWaitMs } = rateLimit;
  return section('Rate limit', [
    ['granted', `${counted(granted, 'call')}, ${counted(grantedPermits, 'permit')}`],
    [
      'waited',
      `${count(waited)}, ${milliseconds(waited === 0 ? 0 : totalWaitMs / waited)} on average`,
    ],
    ['longest wait', milliseconds(maxWaitMs)],
    ['queued', count(rateLimit.queued)],
  ]);
}

function concurrencySection(title: string, stats: SemaphoreStats | undefined): string | undefined {
  if (stats === undefined) return undefined;
  return section(title, [
    ['active', `${count(stats.active)}, at most ${count(stats.maxActive)} so far`],
    ['waited', count(stats.waited)],
    ['queued', count(stats.queued)],
  ]);
}

function poolSection({ pool }: Facts): string | undefined {
  if (pool === undefined) return undefined;
  return section('Pool', [
    ['requests', `${count(pool.requests)}, ${count(pool.failures)} failed`],
    ['retries', `${count(pool.retries)}, ${count(pool.retriesRefused)} refused`],
    ['connections', `${count(pool.connectionsOpened)} opened, ${count(pool.connectionsOpen)} open`],
    ['reuse', percent(pool.reuseRatio)],
    ['received', bytes(pool.bytesReceived)],
  ]);
}

/** Lines of at most `width`, broken at spaces, below a heading. */
function indented(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width && line.trim() !== '') {
      lines.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The report as text for a terminal. */
export function formatReport(
  report: Facts & { readonly advice: readonly string[] },
  metricsText: string,
): string {
  const width = process.stdout.columns || 80;
  const advice = report.advice.flatMap((line) => indented(line, width));
  return [
    cacheSection(report),
    rateLimitSection(report),
    concurrencySection('Concurrent functions', report.concurrency),
    concurrencySection('Concurrent requests', report.requestConcurrency),
    poolSection(report),
    report.metrics.metrics.length === 0 ? undefined : metricsText,
    advice.length === 0 ? undefined : ['Worth a look', ...advice].join('\n'),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}
