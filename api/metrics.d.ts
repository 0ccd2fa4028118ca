import { Clock, Counter, Gauge, Histogram, HistogramOptions, InstrumentOptions, Logger, Meter, Timer } from "@x/interfaces";

import { IncomingMessage, ServerResponse } from "node:http";

interface CounterSnapshot extends MetricBase {
    readonly kind: "counter";
    readonly series: readonly ValueSeries[];
}

interface DistributionChange {
    readonly labels: Readonly<Record<string, string>>;
    readonly count: number;
    readonly countPerSecond: number | null;
    readonly mean: number | null;
    readonly p50Change: number | null;
    readonly p95Change: number | null;
    readonly p99Change: number | null;
}

interface DistributionContents {
    readonly sum: number;
    readonly bucketCounts: readonly number[];
    readonly recent: SketchState;
    readonly coveredMs: number;
    readonly total?: SketchState | undefined;
}

interface DistributionDump extends DumpBase {
    readonly kind: "histogram" | "timer";
    readonly buckets: readonly number[];
    readonly series: readonly DistributionSeriesDump[];
}

interface DistributionSeries extends DistributionValues {
    readonly labels: Readonly<Record<string, string>>;
}

interface DistributionSeriesDump extends DistributionContents {
    readonly values: readonly string[];
    readonly outcome?: "success" | "failure" | undefined;
    readonly inFlight?: number | undefined;
}

interface DistributionValues {
    readonly count: number;
    readonly sum: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly mean: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly p999: number | null;
    readonly ratePerSecond: number | null;
    readonly windowCount: number;
    readonly shape?: readonly number[];
}

interface DumpBase {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly string[];
}

declare class ExponentialSketch implements Sketch {
    #private;
    constructor();
    static from(state: ExponentialState): ExponentialSketch;
    get count(): number;
    get sum(): number;
    get min(): number;
    get max(): number;
    get relativeError(): number;
    record(value: number): void;
    recordIndexed(value: number, index: number): void;
    quantile(q: number): number | undefined;
    merge(other: Sketch): void;
    compact(): void;
    reset(): void;
    toJSON(): ExponentialState;
    inBuckets(): ExponentialState;
}

interface ExponentialState {
    readonly engine: "exponential";
    readonly count: number;
    readonly sum: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly values?: readonly number[] | undefined;
    readonly scale: number;
    readonly zeros: number;
    readonly positive: {
        readonly offset: number;
        readonly counts: readonly number[];
    };
    readonly negative: {
        readonly offset: number;
        readonly counts: readonly number[];
    };
}

interface ExpositionOptions {
    readonly format?: "prometheus" | "openmetrics" | undefined;
}

type GaugeMerge = "sum" | "min" | "max" | "last";

interface GaugeOptions {
    readonly merge?: GaugeMerge | undefined;
}

interface GaugeSnapshot extends MetricBase {
    readonly kind: "gauge";
    readonly series: readonly ValueSeries[];
}

interface HistogramSnapshot extends MetricBase {
    readonly kind: "histogram";
    readonly series: readonly DistributionSeries[];
}

interface MetricBase {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly string[];
    readonly overflowed: boolean;
}

interface MetricDiff {
    readonly name: string;
    readonly kind: MetricSnapshot["kind"];
    readonly series: readonly (ValueChange | DistributionChange)[];
}

type MetricDump = ValueDump | DistributionDump;

type MetricSnapshot = CounterSnapshot | GaugeSnapshot | HistogramSnapshot | TimerSnapshot;

interface MetricsHandler {
    (request: IncomingMessage, response: ServerResponse): void;
    (request: Request): Response;
}

type Observation = number | Iterable<readonly [
    labels: readonly string[],
    value: number
]>;

interface ProcessMetrics extends Disposable {
    close(): void;
}

interface ProcessMetricsOptions {
    readonly eventLoopResolutionMs?: number | undefined;
}

declare class Registry implements Meter {
    #private;
    readonly name: string;
    readonly enabled: boolean;
    constructor(options?: RegistryOptions);
    static merged(dumps: Iterable<RegistryDump>, options?: RegistryOptions): Registry;
    counter<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: InstrumentOptions<Names> & SeriesLimits): Counter<Names>;
    gauge<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: InstrumentOptions<Names> & SeriesLimits & GaugeOptions): Gauge<Names>;
    histogram<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: HistogramOptions<Names> & SeriesLimits): Histogram<Names>;
    timer<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: HistogramOptions<Names> & SeriesLimits): Timer<Names>;
    observedCounter(name: string, options: InstrumentOptions & Pick<SeriesLimits, "maxSeries">, observe: () => Observation): void;
    observedGauge(name: string, options: InstrumentOptions & Pick<SeriesLimits, "maxSeries">, observe: () => Observation): void;
    snapshot(options?: SnapshotOptions): RegistrySnapshot;
    find(name: string): MetricSnapshot | undefined;
    summary(): Record<string, number>;
    report(options?: ReportOptions, snapshot?: SnapshotData): string;
    reportEvery(everyMs: number, options?: ReportEveryOptions): Disposable;
    exposition(options?: ExpositionOptions): string;
    expositionStream(options?: ExpositionOptions): AsyncGenerator<string, void, undefined>;
    handler(): MetricsHandler;
    dump(): RegistryDump;
    reset(): void;
}

interface RegistryDump {
    readonly metrics: readonly MetricDump[];
}

interface RegistryOptions {
    readonly enabled?: boolean | undefined;
    readonly retentionMs?: number | undefined;
    readonly buckets?: readonly number[] | undefined;
    readonly maxSeries?: number | undefined;
    readonly idleTimeoutMs?: number | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly sketch?: SketchEngine | undefined;
    readonly nativeHistograms?: boolean | undefined;
    readonly clock?: Clock | undefined;
    readonly logger?: Logger | undefined;
    readonly name?: string | undefined;
}

declare class RegistrySnapshot {
    readonly takenAt: number;
    readonly metrics: readonly MetricSnapshot[];
    constructor(takenAt: number, metrics: readonly MetricSnapshot[]);
    diff(previous: SnapshotData): SnapshotDiff;
}

interface ReportEveryOptions extends ReportOptions {
    readonly write?: ((report: string) => void) | undefined;
}

interface ReportOptions {
    readonly color?: boolean | undefined;
    readonly idle?: boolean | undefined;
    readonly width?: number | undefined;
}

interface SeriesLimits {
    readonly maxSeries?: number | undefined;
    readonly idleTimeoutMs?: number | undefined;
}

interface Sketch {
    record(value: number): void;
    recordIndexed(value: number, index: number): void;
    quantile(q: number): number | undefined;
    readonly count: number;
    readonly sum: number;
    readonly min: number;
    readonly max: number;
    merge(other: Sketch): void;
    compact(): void;
    reset(): void;
    toJSON(): SketchState;
}

type SketchEngine = "exponential" | "tdigest";

type SketchState = ExponentialState | TDigestState;

type SnapshotData = Pick<RegistrySnapshot, "takenAt" | "metrics">;

interface SnapshotDiff {
    readonly elapsedMs: number;
    readonly metrics: readonly MetricDiff[];
}

interface SnapshotOptions {
    readonly shapes?: boolean | undefined;
}

declare class TDigestSketch implements Sketch {
    #private;
    constructor();
    static from(state: TDigestState): TDigestSketch;
    get count(): number;
    get sum(): number;
    get min(): number;
    get max(): number;
    record(value: number): void;
    recordIndexed(value: number): void;
    quantile(q: number): number | undefined;
    merge(other: Sketch): void;
    compact(): void;
    reset(): void;
    toJSON(): TDigestState;
}

interface TDigestState {
    readonly engine: "tdigest";
    readonly count: number;
    readonly sum: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly means: readonly number[];
    readonly weights: readonly number[];
}

interface TimerSeries extends DistributionSeries {
    readonly inFlight: number;
}

interface TimerSnapshot extends MetricBase {
    readonly kind: "timer";
    readonly series: readonly TimerSeries[];
}

interface ValueChange {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly change: number;
    readonly changePerSecond: number | null;
}

interface ValueDump extends DumpBase {
    readonly kind: "counter" | "gauge";
    readonly merge?: GaugeMerge | undefined;
    readonly series: readonly {
        readonly values: readonly string[];
        readonly value: number;
    }[];
}

interface ValueSeries {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
}

declare function collectProcessMetrics(registry: Registry, options?: ProcessMetricsOptions): ProcessMetrics;

declare function restoreSketch(state: SketchState): Sketch;

export { ExponentialSketch, Registry, RegistrySnapshot, TDigestSketch, collectProcessMetrics, restoreSketch };

export type { CounterSnapshot, DistributionChange, DistributionContents, DistributionDump, DistributionSeries, DistributionSeriesDump, DistributionValues, ExponentialState, ExpositionOptions, GaugeMerge, GaugeOptions, GaugeSnapshot, HistogramSnapshot, MetricDiff, MetricDump, MetricSnapshot, MetricsHandler, Observation, ProcessMetrics, ProcessMetricsOptions, RegistryDump, RegistryOptions, ReportEveryOptions, ReportOptions, SeriesLimits, Sketch, SketchEngine, SketchState, SnapshotData, SnapshotDiff, SnapshotOptions, TDigestState, TimerSeries, TimerSnapshot, ValueChange, ValueDump, ValueSeries };
