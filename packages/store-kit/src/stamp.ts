import type { InvalidationTarget, KeyPattern } from '@x/interfaces';

/** As much of a pattern as another process needs. */
export type StampPattern = Pick<
  KeyPattern,
  'literalPrefix' | 'regexSource' | 'regexFlags' | 'matches'
>;

/** What a stamp hides: entries written before its position that carry a tag, or match a pattern. */
export type StampTarget =
  | { readonly tag: string; readonly pattern?: undefined }
  | { readonly pattern: StampPattern; readonly tag?: undefined };

/** An invalidation that is remembered instead of carried out. */
export type Stamp = StampTarget & { readonly position: number };

/** The stamp of a pattern. */
export type PatternStamp = Extract<Stamp, { readonly pattern: StampPattern }>;

/** One target for each stamp that an invalidation takes. */
export function targetsOf({ pattern, tags }: InvalidationTarget): StampTarget[] {
  return pattern === undefined ? tags.map((tag) => ({ tag })) : [{ pattern }];
}

/** A pattern that another process wrote. One that cannot be compiled matches all of its prefix. */
export function patternOf(
  literalPrefix: string,
  regexSource: string,
  regexFlags: string,
): StampPattern {
  const rest = compile(regexSource, regexFlags);
  return {
    literalPrefix,
    regexSource,
    regexFlags,
    matches: (key) => key.startsWith(literalPrefix) && (rest?.test(key) ?? true),
  };
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
