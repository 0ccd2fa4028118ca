import type { ExponentialState } from '../sketch/exponential-sketch.ts';
import type { ProtobufWriter } from './protobuf.ts';

/** Empty buckets in a row that are cheaper to write than a new span. */
const longestGap = 2;

/** Buckets of a native histogram: spans of consecutive ones, and the change from one to the next. */
interface Spans {
  readonly spans: readonly { readonly offset: number; readonly length: number }[];
  readonly deltas: readonly number[];
}

/** The fields of a native histogram in the message `Histogram` of the Prometheus data model. */
export function writeNativeHistogram(writer: ProtobufWriter, state: ExponentialState): void {
  writer.signed(5, state.scale);
  // Above 0 even where there are no values, because that is what marks a native histogram.
  writer.double(6, Number.MIN_VALUE);
  writer.unsigned(7, state.zeros);
  const negative = spansOf(state.negative);
  const positive = spansOf(state.positive);
  for (const span of negative.spans) writer.message(9, (inner) => writeSpan(inner, span));
  writer.packedSigned(10, negative.deltas);
  for (const span of positive.spans) writer.message(12, (inner) => writeSpan(inner, span));
  writer.packedSigned(13, positive.deltas);
}

function writeSpan(writer: ProtobufWriter, span: Spans['spans'][number]): void {
  writer.signed(1, span.offset);
  writer.unsigned(2, span.length);
}

function spansOf({ offset, counts }: ExponentialState['positive']): Spans {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let before = 0;
  // Prometheus numbers a bucket by its upper bound, OpenTelemetry by its lower one.
  let next = 0;
  for (const [place, count] of counts.entries()) {
    if (count === 0) continue;
    const index = offset + place + 1;
    const span = spans.at(-1);
    const gap = index - next;
    if (span === undefined || gap > longestGap) {
      spans.push({ offset: gap, length: 1 });
    } else {
      for (let empty = 0; empty < gap; empty++) {
        deltas.push(-before);
        before = 0;
      }
      span.length += gap + 1;
    }
    deltas.push(count - before);
    before = count;
    next = index + 1;
  }
  return { spans, deltas };
}
