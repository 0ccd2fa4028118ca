import type { KeyPattern } from '@x/interfaces';

/**
 * A pattern that matches the keys beginning with `prefix` and, when given, ending with `suffix`:
 * what `prefix*suffix` compiles to, without a glob library.
 */
export function affixPattern(prefix: string, suffix = ''): KeyPattern {
  const escape = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const regexSource = `^${escape(prefix)}[^]*${escape(suffix)}$`;
  const regex = new RegExp(regexSource);
  return {
    source: `${prefix}*${suffix}`,
    literalPrefix: prefix,
    regexSource,
    regexFlags: '',
    matches: (key) => regex.test(key),
  };
}
