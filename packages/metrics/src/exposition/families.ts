import type { Distribution } from '../distribution/distribution.ts';
import type { RecordedExemplar } from '../series/exemplar.ts';
import type { AnyInstrument } from '../instruments/any-instrument.ts';
import { counterName, inFlightHelp, inFlightName, timerName } from './exposed-names.ts';
import type { TextFormat } from './text-format.ts';

/** How series are told. */
export interface ExpositionSettings {
  readonly format: TextFormat;
  /** Labels that all series get, as text without braces; may be empty. */
  readonly commonPairs: string;
  /** Whether series come by their labels, or as they came first. */
  readonly sorted: boolean;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** One block of an exposition. */
export interface Family {
  /** Orders the blocks. */
  readonly name: string;
  heading(format: TextFormat): string;
  /** The lines of one series after the other. */
  series(settings: ExpositionSettings): Generator<string>;
}

interface ValueChild {
  readonly value: number;
  readonly exemplar?: RecordedExemplar | undefined;
}

/** The blocks in which an instrument is told. */
export function familiesOf(instrument: AnyInstrument): readonly Family[] {
  const { help } = instrument;
  switch (instrument.kind) {
    case 'counter': {
      const name = counterName(instrument.name);
      return [
        {
          name,
          heading: (format) => format.heading(format.counterFamily(name), 'counter', help, ''),
          series: (settings) => valueLines(name, instrument, settings),
        },
      ];
    }
    case 'gauge':
      return [
        {
          name: instrument.name,
          heading: (format) => format.heading(instrument.name, 'gauge', help, ''),
          series: (settings) => valueLines(instrument.name, instrument, settings),
        },
      ];
    case 'histogram': {
      const { name } = instrument;
      return [
        {
          name,
          heading: (format) => format.heading(name, 'histogram', help, ''),
          *series(settings) {
            const lines = new DistributionLines(
              name,
              instrument.options.buckets.bounds,
              1,
              settings,
            );
            for (const [pairs, child] of instrument.rendered(settings.now, settings.sorted)) {
              yield lines.of(pairs, child.distribution);
            }
          },
        },
      ];
    }
    case 'timer': {
      const name = timerName(instrument.name);
      const inFlight = inFlightName(instrument.name);
      return [
        {
          name,
          heading: (format) => format.heading(name, 'histogram', help, 'seconds'),
          *series(settings) {
            const lines = new DistributionLines(
              name,
              instrument.options.buckets.bounds,
              1_000,
              settings,
            );
            for (const [pairs, child] of instrument.rendered(settings.now, settings.sorted)) {
              for (const [outcome, distribution] of child.outcomes) {
                yield lines.of(join(pairs, `outcome="${outcome}"`), distribution);
              }
            }
          },
        },
        {
          name: inFlight,
          heading: (format) => format.heading(inFlight, 'gauge', inFlightHelp(help), ''),
          *series(settings) {
            const { now, sorted, commonPairs } = settings;
            for (const [pairs, child] of instrument.rendered(now, sorted)) {
              if (child.inFlight === undefined) continue;
              yield `${inFlight}${braces(join(commonPairs, pairs))} ${child.inFlight}\n`;
            }
          },
        },
      ];
    }
  }
}

function* valueLines(
  name: string,
  instrument: {
    rendered(now: number, sorted: boolean): Iterable<readonly [pairs: string, child: ValueChild]>;
  },
  { format, commonPairs, now, sorted }: ExpositionSettings,
): Generator<string> {
  // Few, long pieces: a text of many small ones takes long to put together in the end.
  const open = `${name}{${commonPairs}${commonPairs === '' ? '' : ','}`;
  for (const [pairs, child] of instrument.rendered(now, sorted)) {
    const end = ` ${formatValue(child.value)}${format.exemplar(child.exemplar, 1)}\n`;
    yield pairs === '' ? name + braces(commonPairs) + end : `${open}${pairs}}${end}`;
  }
}

/** Writes distributions that have the same bounds. */
class DistributionLines {
  readonly #name: string;
  readonly #scale: number;
  readonly #settings: ExpositionSettings;
  /** The labels of each bucket, to stand after those of a series. */
  readonly #bounds: readonly string[];

  /** @param scale - what values are divided by, to turn their unit into that of the exposition */
  constructor(
    name: string,
    bounds: readonly number[],
    scale: number,
    settings: ExpositionSettings,
  ) {
    this.#name = name;
    this.#scale = scale;
    this.#settings = settings;
    this.#bounds = [
      ...bounds.map((bound) => `le="${settings.format.bound(bound / scale)}"} `),
      'le="+Inf"} ',
    ];
  }

  of(seriesPairs: string, distribution: Distribution): string {
    const { format, commonPairs } = this.#settings;
    const { bucketCounts, exemplars, count, sum } = distribution;
    const pairs = join(commonPairs, seriesPairs);
    const bucket = `${this.#name}_bucket{${pairs}${pairs === '' ? '' : ','}`;
    let text = '';
    let cumulative = 0;
    for (let index = 0; index < this.#bounds.length; index++) {
      cumulative += bucketCounts[index] ?? 0;
      const exemplar = format.exemplar(exemplars[index], this.#scale);
      text += `${bucket}${this.#bounds[index]}${cumulative}${exemplar}\n`;
    }
    const labels = braces(pairs);
    return `${text}${this.#name}_sum${labels} ${formatValue(sum / this.#scale)}\n${this.#name}_count${labels} ${count}\n`;
  }
}

function join(first: string, second: string): string {
  if (first === '') return second;
  return second === '' ? first : `${first},${second}`;
}

function braces(pairs: string): string {
  return pairs === '' ? '' : `{${pairs}}`;
}

function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
