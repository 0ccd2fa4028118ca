import {
  checkOptionNames,
  describeValue,
  type HistogramOptions,
  type InstrumentOptions,
  type MisnamedOptions,
  type NameList,
  objectOption,
} from '@x/interfaces';
import type { GaugeOptions, SeriesLimits } from './instrument-maker.ts';

type ValueOptions = InstrumentOptions & SeriesLimits;
type DistributionOptions = HistogramOptions & SeriesLimits;
type ObservedOptions = InstrumentOptions & Pick<SeriesLimits, 'maxSeries'>;

const ofObserved: NameList<ObservedOptions> = { help: true, labelNames: true, maxSeries: true };
const ofValues: NameList<ValueOptions> = { ...ofObserved, idleTimeoutMs: true };
const ofGauges: NameList<ValueOptions & GaugeOptions> = { ...ofValues, merge: true };
const ofDistributions: NameList<DistributionOptions> = { ...ofValues, buckets: true };

type OptionsKind = 'counter' | 'gauge' | 'histogram' | 'timer' | 'observed';

const known: Readonly<Record<OptionsKind, NameList<InstrumentOptions>>> = {
  counter: ofValues,
  gauge: ofGauges,
  histogram: ofDistributions,
  timer: ofDistributions,
  observed: ofObserved,
};

const noPercentiles =
  'not needed: p50, p95, p99 and p999 of histograms and timers are always there';

const misnamed: MisnamedOptions = {
  name: "the argument before the options: counter('http_requests', { help })",
  type: 'the method: counter, gauge, histogram or timer',
  labels: 'labelNames; values are given by labels(…) of the instrument',
  tags: 'labelNames',
  description: 'help',
  collect: 'the function of observedGauge or observedCounter',
  boundaries: 'buckets',
  merge: 'an option of gauges alone',
  aggregator: 'merge, an option of gauges',
  buckets: 'an option of histograms and timers',
  percentiles: noPercentiles,
  quantiles: noPercentiles,
  maxAgeSeconds: 'retentionMs of the registry',
  registers: 'the registry whose method is called',
  unit: 'part of the name, as in response_bytes; timers take milliseconds, and Prometheus sees seconds',
  enableExemplars: 'not needed: inc(1, { trace_id })',
};

/** @throws TypeError when `options` are none, or have one that instruments of this kind have not */
export function checkInstrumentOptions(kind: OptionsKind, options: InstrumentOptions): void {
  objectOption('options', options, '{ help, labelNames }');
  checkOptionNames<InstrumentOptions>(options, { known: known[kind], misnamed });
  const { help } = options;
  if (help === undefined || typeof help === 'string') return;
  throw new TypeError(`help must be a string, got ${describeValue(help)}`);
}
