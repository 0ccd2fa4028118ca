import type { KeyPattern } from '@x/interfaces';

/** As much of a pattern as another process needs. */
export type StampPattern = Pick<
  KeyPattern,
  'literalPrefix' | 'regexSource' | 'regexFlags' | 'matches'
>;

/** A pattern that a journal has. One that cannot be compiled matches all of its prefix. */
export function patternOf(prefix: string, source: string, flags: string): StampPattern {
  const rest = compile(source, flags);
  return {
    literalPrefix: prefix,
    regexSource: source,
    regexFlags: flags,
    matches: (key) => key.startsWith(prefix) && (rest?.test(key) ?? true),
  };
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
