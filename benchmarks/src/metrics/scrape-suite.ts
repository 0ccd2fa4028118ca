// What many series cost: an exposition of 10,000, bytes a series, windows of a thousand label sets.
import assert from 'node:assert/strict';
import client from 'prom-client';
import { type Clock, hours, systemClock } from '@x/interfaces';
import { Registry } from '@x/metrics';
import type { Case, Suite } from '../harness/suite.ts';
import { durations } from './values.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const statuses = ['200', '201', '304', '404', '500'];
const seriesCount = 10_000;
const labelNames = ['route', 'method', 'status'] as const;

/** Three labels of 500, 4 and 5 values. */
function labelSets(): [string, string, string][] {
  const sets: [string, string, string][] = [];
  for (let route = 0; route < 500; route++) {
    for (const method of methods) {
      for (const status of statuses) sets.push([`/api/resource-${route}`, method, status]);
    }
  }
  assert.equal(sets.length, seriesCount);
  return sets;
}

/** Bytes in use, on the heap and in buffers. Needs `--expose-gc`. */
function bytesInUse(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

interface ScrapeContender {
  /** A counter with these series, and how it is told to Prometheus. */
  counters(sets: readonly [string, string, string][]): () => string | Promise<string>;
  /** The engine of windows, where there are any. */
  readonly engine?: 'exponential' | 'tdigest';
}

const contenders: Readonly<Record<string, ScrapeContender>> = {
  ours: {
    counters: (sets) => {
      const registry = new Registry({ maxSeries: 100_000 });
      const counter = registry.counter('requests', { labelNames });
      for (const [index, values] of sets.entries()) counter.labels(...values).inc(index + 1);
      return () => registry.exposition();
    },
    engine: 'exponential',
  },
  'ours, tdigest': { counters: () => () => '', engine: 'tdigest' },
  'ours, streamed': {
    counters: (sets) => {
      const registry = new Registry({ maxSeries: 100_000 });
      const counter = registry.counter('requests', { labelNames });
      for (const [index, values] of sets.entries()) counter.labels(...values).inc(index + 1);
      return async () => {
        let text = '';
        for await (const piece of registry.expositionStream()) text += piece;
        return text;
      };
    },
  },
  'prom-client': {
    counters: (sets) => {
      const registry = new client.Registry();
      const options = { name: 'requests_total', help: '', labelNames, registers: [registry] };
      const counter = new client.Counter({ ...options, help: 'h' });
      for (const [index, [route, method, status]] of sets.entries()) {
        counter.inc({ route, method, status }, index + 1);
      }
      return () => registry.metrics();
    },
  },
};

const scrape: Case<ScrapeContender> = async (contender, probe) => {
  const tell = contender.counters(labelSets());
  const text = await tell();
  assert.equal(text.match(/^requests_total\{/gm)?.length, seriesCount);
  assert.ok(text.includes('requests_total{route="/api/resource-0",method="GET",status="200"} 1'));
  await probe.time(1, tell);
};

const memory: Case<ScrapeContender> = async (contender, probe) => {
  // Twice, so that code and first scrapes count for neither.
  const others = labelSets();
  for (const set of others) set[0] += '/a';
  await contender.counters(others)();
  const sets = labelSets();
  const before = bytesInUse();
  const tell = contender.counters(sets);
  probe.record('bytesPerSeries', (bytesInUse() - before) / seriesCount);
  await tell();
  probe.record('bytesPerSeriesAfterScrape', (bytesInUse() - before) / seriesCount);
};

/**
 * How long the event loop is held at most while 50,000 series are told, in the best of five scrapes: CPU
 * time of the thread, so that other programs do not count.
 */
const holding: Case<ScrapeContender> = async (contender, probe) => {
  const sets = labelSets();
  const all = [0, 1, 2, 3, 4].flatMap((part) =>
    sets.map(([route, method, status]): [string, string, string] => [
      `${route}/${part}`,
      method,
      status,
    ]),
  );
  const tell = contender.counters(all);
  let best = Infinity;
  for (let scrapes = 0; scrapes < 5; scrapes++) {
    let longest = 0;
    let before = threadMilliseconds();
    let going = true;
    const look = (): void => {
      const now = threadMilliseconds();
      longest = Math.max(longest, now - before);
      before = now;
      if (going) setImmediate(look);
    };
    setImmediate(look);
    await tell();
    await new Promise((resolve) => setImmediate(resolve));
    going = false;
    best = Math.min(best, longest);
  }
  probe.record('longestHoldMs', best);
};

/** A clock that stands still until it is moved. */
class StandingClock implements Clock {
  at = 0;
  now = (): number => this.at;
  monotonic = (): number => this.at;
  schedule: Clock['schedule'] = (task, delayMs) => systemClock.schedule(task, delayMs);
}

/** A thousand label sets, with a thousand values in each of the twelve slots of an hour. */
const windows: Case<ScrapeContender> = async ({ engine }, probe) => {
  const values = durations(50_021);
  const clock = new StandingClock();
  const before = bytesInUse();
  const registry = new Registry({ clock, ...(engine && { sketch: engine }) });
  const histogram = registry.histogram('query', { labelNames: ['id'] });
  let next = 0;
  for (let slot = 0; slot < 12; slot++) {
    for (let series = 0; series < 1_000; series++) {
      const child = histogram.labels(String(series));
      for (let count = 0; count < 1_000; count++) {
        child.observe(values[next++ % values.length] as number);
      }
    }
    clock.at += hours(1) / 12;
  }
  clock.at -= 1;
  const held = bytesInUse() - before;
  probe.record('megabytesOfAThousandWindows', held / 1e6);
  const metric = registry.find('query');
  assert.ok(metric?.kind === 'histogram' && metric.series.length === 1_000);
  for (const { windowCount } of metric.series) assert.equal(windowCount, 12_000);
  await probe.time(1_000, () => registry.find('query'));
};

export const suite: Suite<ScrapeContender> = {
  contenders: Object.fromEntries(
    Object.entries(contenders).map(([name, contender]) => [name, () => contender]),
  ),
  cases: {
    'scrape of 10,000 series': scrape,
    'bytes a series': memory,
    'full windows': windows,
    'longest hold': holding,
  },
  leftOut: [
    'ours, tdigest: scrape of 10,000 series',
    'ours, tdigest: bytes a series',
    'ours, tdigest: longest hold',
    'ours, streamed: bytes a series',
    'ours, streamed: full windows',
    'prom-client: full windows',
  ],
};
