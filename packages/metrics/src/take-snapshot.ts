import type { CounterInstrument } from './counter.ts';
import type { Distribution } from './distribution.ts';
import type { GaugeInstrument } from './gauge.ts';
import type { HistogramInstrument } from './histogram.ts';
import { labelText } from './label-text.ts';
import type { DistributionSeries, MetricSnapshot } from './snapshot.ts';
import type { TimerInstrument } from './timer.ts';

/** Any instrument that a registry makes. */
export type AnyInstrument =
  | CounterInstrument
  | GaugeInstrument
  | HistogramInstrument
  | TimerInstrument;

/** Orders texts by code unit, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The children of an instrument, in an order that depends on their labels only. */
export function sortedSeries<Child>(
  instrument: { readonly labelNames: readonly string[] } & {
    series(): Iterable<readonly [values: readonly string[], child: Child]>;
  },
): (readonly [values: readonly string[], child: Child])[] {
  return [...instrument.series()]
    .map((entry) => ({ entry, text: labelText(instrument.labelNames, entry[0]) }))
    .sort((a, b) => compareTexts(a.text, b.text))
    .map(({ entry }) => entry);
}

/** What an instrument holds at `now` (monotonic milliseconds), as plain data. */
export function takeSnapshot(instrument: AnyInstrument, now: number): MetricSnapshot {
  const { labelNames } = instrument;
  const facts = {
    name: instrument.name,
    help: instrument.help,
    labelNames,
    overflowed: instrument.overflowed,
  };
  const labelsOf = (values: readonly string[]): Record<string, string> =>
    Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? '']));
  switch (instrument.kind) {
    case 'counter':
    case 'gauge': {
      const series = sortedSeries<{ readonly value: number }>(instrument).map(
        ([values, child]) => ({ labels: labelsOf(values), value: child.value }),
      );
      return { kind: instrument.kind, ...facts, series };
    }
    case 'histogram': {
      const series = sortedSeries(instrument).map(([values, child]) =>
        distributionSeries(labelsOf(values), child.distribution, now),
      );
      return { kind: 'histogram', ...facts, series };
    }
    case 'timer': {
      const series = sortedSeries(instrument).flatMap(([values, child]) =>
        child.outcomes.map(([outcome, distribution]) => {
          const labels = { ...labelsOf(values), outcome };
          const { inFlight } = child;
          return Object.assign(distributionSeries(labels, distribution, now), { inFlight });
        }),
      );
      return { kind: 'timer', ...facts, series };
    }
  }
}

function distributionSeries(
  labels: Readonly<Record<string, string>>,
  distribution: Distribution,
  now: number,
): DistributionSeries {
  return { labels, ...distribution.read(now) };
}
