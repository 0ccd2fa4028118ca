import { readdirSync } from 'node:fs';
import {
  constants,
  type EventLoopUtilization,
  monitorEventLoopDelay,
  performance as nodePerformance,
  PerformanceObserver,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import {
  checkOptionNames,
  describeValue,
  numberOption,
  objectOption,
  type OptionNames,
  systemClock,
} from '@x/interfaces';
import type { Registry } from './registry.ts';

/** What {@link collectProcessMetrics} watches. */
export interface ProcessMetricsOptions {
  /**
   * How often the delay of the event loop is sampled, in whole milliseconds, at least 1.
   * @defaultValue 10
   */
  readonly eventLoopResolutionMs?: number | undefined;
}

const optionNames: OptionNames<ProcessMetricsOptions> = { known: { eventLoopResolutionMs: true } };

/** Watches the process until it is closed. */
export interface ProcessMetrics extends Disposable {
  /** Ends the watching; what was recorded stays. May be called twice. */
  close(): void;
}

const collections: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak_callbacks',
};

const delayPercentiles = [50, 90, 99] as const;

/**
 * Measures this process into `registry`, under names as Prometheus recommends them: CPU time, memory,
 * open files, delay and utilization of the event loop, garbage collection, and what keeps the
 * process alive. Nothing is watched before this is called, and nothing of it keeps the process alive.
 *
 * @throws TypeError when it is no registry, or has metrics of these names, TypeError or RangeError when an option is
 * not what it should be; nothing is watched then
 */
export function collectProcessMetrics(
  registry: Registry,
  options: ProcessMetricsOptions = {},
): ProcessMetrics {
  if (typeof registry?.enabled !== 'boolean') {
    throw new TypeError(`registry must be a Registry, got ${describeValue(registry)}`);
  }
  objectOption('options', options, '{ eventLoopResolutionMs }');
  checkOptionNames(options, optionNames);
  const resolutionMs = numberOption('eventLoopResolutionMs', options.eventLoopResolutionMs, 10, {
    min: 1,
    max: 2 ** 31 - 1,
    integer: true,
  });
  const stops = registry.enabled
    ? [
        watchResources(registry),
        watchEventLoop(registry, resolutionMs),
        watchGarbageCollection(registry),
      ]
    : [];
  const close = (): void => {
    for (const stop of stops.splice(0)) stop();
  };
  return { close, [Symbol.dispose]: close };
}

type Stop = () => void;

function watchResources(registry: Registry): Stop {
  const startedAt = systemClock.now() / 1_000 - process.uptime();
  registry.observedCounter(
    'process_cpu_seconds_total',
    { help: 'CPU time, in seconds.', labelNames: ['mode'] },
    () => {
      const { user, system } = process.cpuUsage();
      return [
        [['user'], user / 1e6],
        [['system'], system / 1e6],
      ];
    },
  );
  registry.observedGauge(
    'process_start_time_seconds',
    { help: 'When the process began, in seconds since the Unix epoch.' },
    () => startedAt,
  );
  registry.observedGauge(
    'process_resident_memory_bytes',
    { help: 'Memory of the process, in bytes.' },
    () => process.memoryUsage.rss(),
  );
  registry.observedGauge(
    'nodejs_memory_bytes',
    { help: 'Memory by what it is for, in bytes.', labelNames: ['kind'] },
    () => Object.entries(process.memoryUsage()).map(([kind, bytes]) => [[kind], bytes] as const),
  );
  registry.observedGauge(
    'nodejs_heap_space_used_bytes',
    { help: 'Memory in use in each space of the heap, in bytes.', labelNames: ['space'] },
    () =>
      getHeapSpaceStatistics().map(
        ({ space_name, space_used_size }) => [[space_name], space_used_size] as const,
      ),
  );
  registry.observedGauge(
    'nodejs_active_resources',
    { help: 'What keeps the event loop going, by type.', labelNames: ['type'] },
    () =>
      Array.from(
        Map.groupBy(process.getActiveResourcesInfo(), (type) => type),
        ([type, all]) => [[type], all.length] as const,
      ),
  );
  if (process.platform === 'linux') {
    registry.observedGauge(
      'process_open_fds',
      { help: 'Open file descriptors.' },
      // One of them is that of the folder itself.
      () => readdirSync('/proc/self/fd').length - 1,
    );
  }
  return () => {};
}

function watchEventLoop(registry: Registry, resolution: number): Stop {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  // The histogram holds the whole interval from one sample to the next.
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - resolution / 1e3) : 0;
  registry.observedGauge(
    'nodejs_eventloop_delay_seconds',
    {
      help: 'How much later than planned the event loop came to its work, since the last reading.',
      labelNames: ['percentile'],
    },
    () => {
      const answers = delayPercentiles.map(
        (percent) => [[String(percent)], seconds(delay.percentile(percent))] as const,
      );
      const largest = seconds(delay.max);
      delay.reset();
      return [...answers, [['100'], largest]];
    },
  );
  let before: EventLoopUtilization = nodePerformance.eventLoopUtilization();
  registry.observedGauge(
    'nodejs_eventloop_utilization_ratio',
    { help: 'Share of the time in which the event loop was busy, since the last reading.' },
    () => {
      const now = nodePerformance.eventLoopUtilization();
      const { utilization } = nodePerformance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  );
  return () => void delay.disable();
}

function watchGarbageCollection(registry: Registry): Stop {
  const durations = registry.histogram('nodejs_gc_duration_seconds', {
    help: 'How long garbage collections took, in seconds.',
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      durations.labels(collections[kind] ?? 'other').observe(entry.duration / 1_000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
