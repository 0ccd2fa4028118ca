/** What a handler can answer with. */
export type AnswerFormat = 'prometheus' | 'openmetrics' | 'protobuf' | 'json';

const mediaTypes: Readonly<Record<string, AnswerFormat>> = {
  'text/plain': 'prometheus',
  'text/*': 'prometheus',
  '*/*': 'prometheus',
  'application/openmetrics-text': 'openmetrics',
  'application/vnd.google.protobuf': 'protobuf',
  'application/json': 'json',
};

/**
 * The format that an `accept` header asks for most, among those that are offered; the Prometheus text
 * format when it asks for none of them.
 */
export function negotiate(accept: string, offered: readonly AnswerFormat[]): AnswerFormat {
  let best: AnswerFormat = 'prometheus';
  let bestQuality = 0;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = mediaTypes[type];
    if (format === undefined || !offered.includes(format)) continue;
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (!(quality > bestQuality)) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}
