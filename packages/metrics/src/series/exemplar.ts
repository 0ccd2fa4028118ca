import type { Exemplar } from '@x/interfaces';

/** An example of what was recorded. */
export interface RecordedExemplar {
  readonly labels: Exemplar;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The most characters that OpenMetrics allows the names and values of an exemplar's labels. */
const longestLabels = 128;

/**
 * Keeps `labels` as an example, unless they are no names and texts that OpenMetrics takes: an example
 * is no reason to fail, or to keep much.
 */
export function recordExemplar(
  labels: Exemplar,
  value: number,
  at: number,
): RecordedExemplar | undefined {
  let length = 0;
  for (const [name, text] of Object.entries(labels)) {
    if (typeof text !== 'string' || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return undefined;
    length += Array.from(name + text).length;
  }
  return length > longestLabels ? undefined : { labels: { ...labels }, value, at };
}
