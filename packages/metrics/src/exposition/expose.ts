import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnyInstrument } from '../instruments/any-instrument.ts';
import { compareTexts } from '../series/compare-texts.ts';
import type { TurnClock } from '../distribution/turn-clock.ts';
import { type ExpositionSettings, familiesOf } from './families.ts';
import { protobufFamilies } from './protobuf-families.ts';

/** Series that are written between two looks at the clock. */
const seriesAtATime = 64;

/** How long the event loop is held at most by a stream, in milliseconds; pieces are written in less. */
const longestPieceMs = 1;

/**
 * An exposition in pieces of some series each. Metrics without a series are left out.
 *
 * @yields text, which may be empty
 */
function* pieces(
  instruments: Iterable<AnyInstrument>,
  settings: ExpositionSettings,
): Generator<string> {
  const families = [...instruments]
    .flatMap(familiesOf)
    .sort((a, b) => compareTexts(a.name, b.name));
  for (const family of families) {
    // Joining puts a piece together at once, before the collector has to copy its parts.
    let lines: string[] = [];
    let begun = false;
    for (const line of family.series(settings)) {
      if (!begun) lines.push(family.heading(settings.format));
      begun = true;
      lines.push(line);
      if (lines.length < seriesAtATime) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
  yield settings.format.end;
}

/** Everything in one text. */
export function expose(instruments: Iterable<AnyInstrument>, settings: ExpositionSettings): string {
  return [...pieces(instruments, settings)].join('');
}

/**
 * Everything in pieces, with a turn of the event loop between them.
 *
 * @yields text that is not empty
 */
export async function* exposeStream(
  instruments: Iterable<AnyInstrument>,
  settings: ExpositionSettings,
  clock: TurnClock,
): AsyncGenerator<string, void, undefined> {
  let text = '';
  let begin = clock.exact();
  for (const piece of pieces(instruments, settings)) {
    text += piece;
    if (clock.exact() - begin < longestPieceMs) continue;
    if (text !== '') yield text;
    text = '';
    await nextTurn();
    begin = clock.exact();
  }
  if (text !== '') yield text;
}

/**
 * Everything as delimited messages of the Prometheus data model, one metric after the other, with a turn
 * of the event loop between them.
 *
 * @yields whole messages
 */
export async function* exposeProtobuf(
  instruments: Iterable<AnyInstrument>,
  labels: readonly (readonly [name: string, value: string])[],
  clock: TurnClock,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const instrument of instruments) {
    yield* protobufFamilies(instrument, labels, clock.exact());
    await nextTurn();
  }
}
