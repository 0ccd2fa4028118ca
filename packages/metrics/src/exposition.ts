import type { Distribution } from './distribution.ts';
import { escapeHelp, labelText } from './label-text.ts';
import { type AnyInstrument, compareTexts, sortedSeries } from './take-snapshot.ts';
import type { InstrumentKind } from './instrument.ts';

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly lines: readonly string[];
}

const distributionSuffixes = ['', '_bucket', '_sum', '_count'];

/** The name with which Prometheus counters end. */
function counterName(name: string): string {
  return name.endsWith('_total') ? name : `${name}_total`;
}

/** Prometheus wants durations in seconds and says so in the name. */
function timerName(name: string): string {
  return name.endsWith('_seconds') ? name : `${name}_seconds`;
}

/** Every name under which a metric appears in an exposition. */
export function exposedNames(kind: InstrumentKind, name: string): readonly string[] {
  switch (kind) {
    case 'counter':
      return [counterName(name)];
    case 'gauge':
      return [name];
    case 'histogram':
      return distributionSuffixes.map((suffix) => name + suffix);
    case 'timer':
      return [
        ...distributionSuffixes.map((suffix) => timerName(name) + suffix),
        `${name}_in_flight`,
      ];
  }
}

/** The lines of one distribution; `scale` turns its unit into that of the exposition. */
function distributionLines(
  name: string,
  labelNames: readonly string[],
  values: readonly string[],
  distribution: Distribution,
  scale: number,
): string[] {
  const { bounds, bucketCounts, count, sum } = distribution;
  const lines: string[] = [];
  let cumulative = 0;
  for (const [index, bound] of bounds.entries()) {
    cumulative += bucketCounts[index] ?? 0;
    const labels = labelText([...labelNames, 'le'], [...values, String(bound / scale)]);
    lines.push(`${name}_bucket${labels} ${cumulative}`);
  }
  lines.push(`${name}_bucket${labelText([...labelNames, 'le'], [...values, '+Inf'])} ${count}`);
  lines.push(`${name}_sum${labelText(labelNames, values)} ${sum / scale}`);
  lines.push(`${name}_count${labelText(labelNames, values)} ${count}`);
  return lines;
}

function familiesOf(instrument: AnyInstrument): readonly Family[] {
  const { help, labelNames } = instrument;
  switch (instrument.kind) {
    case 'counter':
    case 'gauge': {
      const name = instrument.kind === 'counter' ? counterName(instrument.name) : instrument.name;
      const lines = sortedSeries<{ readonly value: number }>(instrument).map(
        ([values, child]) => `${name}${labelText(labelNames, values)} ${child.value}`,
      );
      return [{ name, type: instrument.kind, help, lines }];
    }
    case 'histogram': {
      const { name } = instrument;
      const lines = sortedSeries(instrument).flatMap(([values, child]) =>
        distributionLines(name, labelNames, values, child.distribution, 1),
      );
      return [{ name, type: 'histogram', help, lines }];
    }
    case 'timer': {
      const name = timerName(instrument.name);
      const inFlightName = `${instrument.name}_in_flight`;
      const withOutcome = [...labelNames, 'outcome'];
      const series = sortedSeries(instrument);
      const lines = series.flatMap(([values, child]) =>
        child.outcomes.flatMap(([outcome, distribution]) =>
          distributionLines(name, withOutcome, [...values, outcome], distribution, 1_000),
        ),
      );
      const inFlightLines = series.map(
        ([values, child]) => `${inFlightName}${labelText(labelNames, values)} ${child.inFlight}`,
      );
      return [
        { name, type: 'histogram', help, lines },
        { name: inFlightName, type: 'gauge', help: '', lines: inFlightLines },
      ];
    }
  }
}

/** The Prometheus text format, version 0.0.4. Metrics without a series are left out. */
export function expose(instruments: Iterable<AnyInstrument>): string {
  const families = [...instruments]
    .flatMap(familiesOf)
    .filter((family) => family.lines.length > 0)
    .sort((a, b) => compareTexts(a.name, b.name));
  return families.map(familyText).join('');
}

function familyText({ name, type, help, lines }: Family): string {
  const helpLine = help === '' ? '' : `# HELP ${name} ${escapeHelp(help)}\n`;
  return `${helpLine}# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}
