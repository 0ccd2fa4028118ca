import {
  booleanOption,
  checkOptionNames,
  type NameList,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import { labelsText } from '../series/label-text.ts';
import { shapeWidth, sparkline } from '../snapshots/shape.ts';
import type {
  DistributionSeries,
  MetricSnapshot,
  SnapshotData,
  TimerSeries,
  ValueSeries,
} from '../snapshots/snapshot.ts';
import { alignTable, formatDuration, formatNumber, lengthOf } from './table.ts';

/** How a report looks. */
export interface ReportOptions {
  /** Whether headings are emphasised by ANSI codes, for a terminal. @defaultValue `false` */
  readonly color?: boolean | undefined;
  /** Whether series that stand at 0 or recorded nothing have a row, too. @defaultValue `true` */
  readonly idle?: boolean | undefined;
  /**
   * Columns that a line may have: a longer one is broken, and distributions show how their values lie
   * where it fits. The figures of a timer need about 75. `Infinity` for one line each.
   * @defaultValue the width of the terminal, or 80
   */
  readonly width?: number | undefined;
}

export const reportOptionNames: NameList<ReportOptions> = { color: true, idle: true, width: true };

const optionNames: OptionNames<ReportOptions> = { known: reportOptionNames };

interface ReportLooks {
  readonly color: boolean;
  readonly idle: boolean;
  readonly width: number;
}

type Row = readonly string[];

interface Table {
  readonly heading: Row;
  readonly rows: readonly Row[];
  /** How the values of each row lie. */
  readonly shapes?: readonly string[];
}
type Series = ValueSeries | DistributionSeries | TimerSeries;

/** One row for each series of the metrics of this kind. */
function rowsOf<K extends MetricSnapshot['kind']>(
  metrics: readonly MetricSnapshot[],
  kind: K,
  cells: (series: Extract<MetricSnapshot, { kind: K }>['series'][number]) => Row,
): Row[] {
  return metrics
    .filter((metric): metric is Extract<MetricSnapshot, { kind: K }> => metric.kind === kind)
    .flatMap(({ name, series }) =>
      series.map((one: Series) => [
        printable(name + labelsText(one.labels)),
        ...cells(one as never),
      ]),
    );
}

function isIdle(series: Series): boolean {
  return 'value' in series ? series.value === 0 : series.count === 0;
}

/** The metrics without the series that have nothing to say. */
function withoutIdle(metrics: readonly MetricSnapshot[]): MetricSnapshot[] {
  return metrics.map(
    (metric) =>
      ({
        ...metric,
        series: metric.series.filter((one: Series) => !isIdle(one)),
      }) as MetricSnapshot,
  );
}

function valueCells({ value }: ValueSeries): Row {
  return [formatNumber(value)];
}

function histogramCells(series: DistributionSeries): Row {
  return distributionCells(series, formatNumber);
}

function timerCells(series: TimerSeries): Row {
  return [...distributionCells(series, formatDuration), formatNumber(series.inFlight)];
}

function distributionCells(
  { count, ratePerSecond, mean, p50, p95, p99, max }: DistributionSeries,
  format: (value: number | null) => string,
): Row {
  const figures = [mean, p50, p95, p99, max].map(format);
  return [formatNumber(count), formatNumber(ratePerSecond), ...figures];
}

/** How the values of each series of a kind lie, in the order of its rows. */
function shapesOf(
  metrics: readonly MetricSnapshot[],
  kind: 'histogram' | 'timer',
): readonly string[] {
  return metrics
    .filter((metric) => metric.kind === kind)
    .flatMap(({ series }) =>
      (series as readonly DistributionSeries[]).map(({ shape }) => sparkline(shape ?? [])),
    );
}

/** The lines of a table, its heading first, with shapes behind them unless that makes them too long. */
function withShapes(
  lines: readonly string[],
  shapes: readonly string[] | undefined,
  width: number,
): readonly string[] {
  if (shapes === undefined || shapes.every((shape) => shape === '')) return lines;
  const widest = Math.max(...lines.map(lengthOf));
  if (widest + 2 + shapeWidth > width) return lines;
  return lines.map((line, index) => {
    const cell = index === 0 ? 'shape' : (shapes[index - 1] ?? '');
    return `${line}${' '.repeat(widest - lengthOf(line))}  ${cell}`.trimEnd();
  });
}

/** Without what would move the cursor of a terminal or change its colours. */
function printable(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * How a report looks, checked and with defaults; the width of the terminal is that of now.
 *
 * @throws TypeError or RangeError when an option is not what {@link ReportOptions} says
 */
export function reportLooks(options: ReportOptions = {}): ReportLooks {
  objectOption('options', options, '{ width }');
  checkOptionNames(options, optionNames);
  return {
    color: booleanOption('color', options.color, false),
    idle: booleanOption('idle', options.idle, true),
    width: numberOption('width', options.width, process.stdout.columns || 80, { min: 0 }),
  };
}

/** A snapshot as aligned tables for people, one for each kind of metric. */
export function renderReport(
  title: string,
  snapshot: SnapshotData,
  options: ReportOptions = {},
): string {
  const { color, idle: withIdle, width } = reportLooks(options);
  const metrics = withIdle ? snapshot.metrics : withoutIdle(snapshot.metrics);
  const emphasize = (text: string): string => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const figures = ['count', 'per s', 'mean', 'P50', 'P95', 'P99', 'max'];
  const tables: readonly Table[] = [
    { heading: ['Counters', 'value'], rows: rowsOf(metrics, 'counter', valueCells) },
    { heading: ['Gauges', 'value'], rows: rowsOf(metrics, 'gauge', valueCells) },
    {
      heading: ['Histograms', ...figures],
      rows: rowsOf(metrics, 'histogram', histogramCells),
      shapes: shapesOf(metrics, 'histogram'),
    },
    {
      heading: ['Timers', ...figures, 'in flight'],
      rows: rowsOf(metrics, 'timer', timerCells),
      shapes: shapesOf(metrics, 'timer'),
    },
  ];
  const parts = tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ heading, rows, shapes }) => {
      const [first = '', ...others] = withShapes(
        alignTable([heading, ...rows], width),
        shapes,
        width,
      );
      return [emphasize(first), ...others].join('\n');
    });
  return [emphasize(title), ...(parts.length > 0 ? parts : ['Nothing was recorded.'])].join('\n\n');
}
