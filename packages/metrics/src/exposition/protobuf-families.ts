import type { AnyInstrument } from '../instruments/any-instrument.ts';
import type { Distribution } from '../distribution/distribution.ts';
import type { RecordedExemplar } from '../series/exemplar.ts';
import { ExponentialSketch } from '../sketch/exponential-sketch.ts';
import { counterName, inFlightHelp, inFlightName, timerName } from './exposed-names.ts';
import { writeNativeHistogram } from './native-histogram.ts';
import { ProtobufWriter } from './protobuf.ts';

const types = { counter: 0, gauge: 1, histogram: 4 } as const;

type Labels = readonly (readonly [name: string, value: string])[];

interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: keyof typeof types;
  readonly unit: string;
  /** Each series, written as a message `Metric`. */
  readonly metrics: Iterable<(writer: ProtobufWriter) => void>;
}

/**
 * An instrument as messages `MetricFamily` of the Prometheus data model
 * (`io.prometheus.client`), each behind its length; empty without a series.
 *
 * @param common - labels that all series get
 * @param now - monotonic milliseconds
 */
export function protobufFamilies(
  instrument: AnyInstrument,
  common: Labels,
  now: number,
): readonly Uint8Array[] {
  return familiesOf(instrument, common, now).flatMap(({ name, help, type, unit, metrics }) => {
    const family = new ProtobufWriter();
    family.text(1, name);
    family.text(2, help);
    family.unsigned(3, types[type]);
    let empty = true;
    for (const write of metrics) {
      family.message(4, write);
      empty = false;
    }
    if (empty) return [];
    family.text(5, unit);
    const delimited = new ProtobufWriter();
    delimited.delimited(family.finish());
    return [delimited.finish()];
  });
}

function familiesOf(
  instrument: AnyInstrument,
  common: Labels,
  now: number,
): readonly MetricFamily[] {
  const { help, labelNames } = instrument;
  const labelsOf = (values: readonly string[]): Labels => [
    ...common,
    ...labelNames.map((name, index) => [name, values[index] ?? ''] as const),
  ];
  switch (instrument.kind) {
    case 'counter':
    case 'gauge': {
      const { kind } = instrument;
      const children: Iterable<readonly [readonly string[], ValueChild]> = instrument.series(now);
      const name = kind === 'counter' ? counterName(instrument.name) : instrument.name;
      const metrics = Array.from(
        children,
        ([values, child]) =>
          (writer: ProtobufWriter) =>
            writeValue(writer, kind, labelsOf(values), child),
      );
      return [{ name, help, type: kind, unit: '', metrics }];
    }
    case 'histogram': {
      const metrics = Array.from(
        instrument.series(now),
        ([values, { distribution }]) =>
          (writer: ProtobufWriter) =>
            writeHistogram(writer, labelsOf(values), distribution, 1),
      );
      return [{ name: instrument.name, help, type: 'histogram', unit: '', metrics }];
    }
    case 'timer': {
      const series = Array.from(instrument.series(now));
      const durations = series.flatMap(([values, child]) =>
        child.outcomes.map(([outcome, distribution]) => (writer: ProtobufWriter): void => {
          const labels: Labels = [...labelsOf(values), ['outcome', outcome]];
          writeHistogram(writer, labels, distribution, 1_000);
        }),
      );
      const inFlight = series.flatMap(([values, { inFlight: value }]) =>
        value === undefined
          ? []
          : (writer: ProtobufWriter): void =>
              writeValue(writer, 'gauge', labelsOf(values), { value }),
      );
      const name = timerName(instrument.name);
      const gauge = inFlightName(instrument.name);
      return [
        { name, help, type: 'histogram', unit: 'seconds', metrics: durations },
        { name: gauge, help: inFlightHelp(help), type: 'gauge', unit: '', metrics: inFlight },
      ];
    }
  }
}

interface ValueChild {
  readonly value: number;
  readonly exemplar?: RecordedExemplar | undefined;
}

function writeValue(
  writer: ProtobufWriter,
  kind: 'counter' | 'gauge',
  labels: Labels,
  { value, exemplar }: ValueChild,
): void {
  writeLabels(writer, labels);
  writer.message(kind === 'counter' ? 3 : 2, (inner) => {
    inner.double(1, value);
    if (exemplar !== undefined) writeExemplar(inner, 2, exemplar, 1);
  });
}

function writeHistogram(
  writer: ProtobufWriter,
  labels: Labels,
  { bounds, bucketCounts, exemplars, count, sum, total }: Distribution,
  scale: number,
): void {
  writeLabels(writer, labels);
  writer.message(7, (inner) => {
    inner.unsigned(1, count);
    inner.double(2, sum / scale);
    let cumulative = 0;
    for (const [index, bound] of [...bounds, Infinity].entries()) {
      cumulative += bucketCounts[index] ?? 0;
      inner.message(3, (bucket) => {
        bucket.unsigned(1, cumulative);
        bucket.double(2, bound / scale);
        const exemplar = exemplars[index];
        if (exemplar !== undefined) writeExemplar(bucket, 3, exemplar, scale);
      });
    }
    if (total instanceof ExponentialSketch) writeNativeHistogram(inner, total.inBuckets());
  });
}

function writeLabels(writer: ProtobufWriter, labels: Labels): void {
  for (const [name, value] of labels) {
    writer.message(1, (pair) => {
      pair.text(1, name);
      pair.text(2, value);
    });
  }
}

function writeExemplar(
  writer: ProtobufWriter,
  field: number,
  { labels, value, at }: RecordedExemplar,
  scale: number,
): void {
  writer.message(field, (inner) => {
    writeLabels(inner, Object.entries(labels));
    inner.double(2, value / scale);
    inner.message(3, (timestamp) => {
      timestamp.unsigned(1, Math.floor(at / 1_000));
      timestamp.unsigned(2, (at % 1_000) * 1_000_000);
    });
  });
}
