import { describeValue, type KeyPattern } from '@x/interfaces';
import picomatch from 'picomatch';
import { GlobParser, literalPrefix } from './glob/parse-glob.ts';
import { toPicomatch } from './glob/picomatch-glob.ts';

/** The longest glob that stays within picomatch's own limit of 65,536, however it is spelled. */
const longestGlob = 4_096;

/** `bash` makes `*` cross slashes, `s` line ends, and `u` makes characters out of surrogate pairs. */
const options: picomatch.PicomatchOptions = {
  bash: true,
  dot: true,
  flags: 'su',
  fastpaths: false,
  strictSlashes: true,
  literalBrackets: false,
  nonegate: true,
  noextglob: true,
  posix: false,
  windows: false,
  debug: true,
};

/**
 * Compiles a glob over keys: `*` is any string, also an empty one, with slashes, line ends and
 * leading dots (`**` is the same); `?` is one character; `[abc]`, `[a-z]`, `[!a]` and `[^a]` are one
 * character of a set; `{a,b}` is one of several; `\` takes the next character as it is. Everything
 * else means itself.
 *
 * @param glob - at most 4,096 characters
 * @throws TypeError when `glob` is no string or empty, begins with `!`, or has a bracket, brace or
 * escape that is not finished
 */
export function compilePattern(glob: string): KeyPattern {
  if (typeof glob !== 'string' || glob === '') {
    throw new TypeError(`pattern must be a string that is not empty, got ${describeValue(glob)}`);
  }
  if (glob.length > longestGlob) {
    throw new TypeError(`pattern must have at most ${longestGlob} characters, got ${glob.length}`);
  }
  const nodes = new GlobParser(glob).parse();
  const regex = picomatch.makeRe(toPicomatch(nodes), options);
  return {
    source: glob,
    literalPrefix: literalPrefix(nodes),
    regexSource: regex.source,
    regexFlags: regex.flags,
    matches: (key) => regex.test(key),
  };
}

/** `text` as a glob that matches just itself. */
export function escapeGlob(text: string): string {
  return text.replaceAll(/[!*?[\]{},\\]/g, String.raw`\$&`);
}

/** A pattern over keys that begin with `prefix`; `glob` is about what follows it. */
export function compilePatternWithin(prefix: string, glob: string): KeyPattern {
  const pattern = compilePattern(glob);
  return prefix === '' ? pattern : compilePattern(escapeGlob(prefix) + glob);
}
