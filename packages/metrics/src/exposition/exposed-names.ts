import type { InstrumentKind } from '../instruments/instrument.ts';

const distributionSuffixes = ['', '_bucket', '_sum', '_count'];

/** The name with which Prometheus counters end. */
export function counterName(name: string): string {
  return name.endsWith('_total') ? name : `${name}_total`;
}

/** Prometheus wants durations in seconds and says so in the name. */
export function timerName(name: string): string {
  return name.endsWith('_seconds') ? name : `${name}_seconds`;
}

/** The name of the gauge of what a timer has under way. */
export function inFlightName(name: string): string {
  return `${name}_in_flight`;
}

/** What the help of a timer says of that gauge. */
export function inFlightHelp(help: string): string {
  return help === '' ? '' : `In flight: ${help}`;
}

/** Every name under which a metric appears in an exposition. */
export function exposedNames(kind: InstrumentKind, name: string): readonly string[] {
  switch (kind) {
    case 'counter': {
      // OpenMetrics names the family without the ending.
      const sample = counterName(name);
      return [sample, sample.slice(0, -'_total'.length)];
    }
    case 'gauge':
      return [name];
    case 'histogram':
      return distributionSuffixes.map((suffix) => name + suffix);
    case 'timer':
      return [
        ...distributionSuffixes.map((suffix) => timerName(name) + suffix),
        inFlightName(name),
      ];
  }
}
