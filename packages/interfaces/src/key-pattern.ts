/**
 * A compiled glob over keys. Stores need no glob library: they turn `literalPrefix` into a key range
 * and test the rest with `matches`.
 *
 * Dialect: `*` is any string, also an empty one, with `/`, newlines and leading dots; `?` is one
 * character; `[...]`, `{a,b}` and `\` for escapes; a leading `!` is refused.
 */
export interface KeyPattern {
  /** The glob as it was written. */
  readonly source: string;
  /** What every match begins with; `''` when nothing is certain. */
  readonly literalPrefix: string;
  /** Source of a regular expression that matches the same keys, for stores that persist patterns. */
  readonly regexSource: string;
  /** Flags of that regular expression. */
  readonly regexFlags: string;
  /** Whether `key` as a whole matches. */
  matches(key: string): boolean;
}
