/** Code points from `first` to `last`, both included. */
export interface ClassRange {
  readonly first: number;
  readonly last: number;
}

const lastCodePoint = 0x10ffff;

/**
 * Reads `[abc]`, `[a-z]`, `[!a]` or `[^a]` beginning at `points[start]`. A `]` that comes first and a
 * `-` at either end mean themselves; `\` takes the next character as it is.
 *
 * @returns the ranges that match, and the position of the closing bracket; or what is wrong
 */
export function readClass(
  points: readonly string[],
  start: number,
): { readonly ranges: readonly ClassRange[]; readonly end: number } | string {
  let at = start + 1;
  const negated = points[at] === '!' || points[at] === '^';
  if (negated) at++;
  const first = at;
  const ranges: ClassRange[] = [];
  const take = (): number => {
    if (points[at] === '\\') at++;
    return points[at++]?.codePointAt(0) ?? -1;
  };
  while (at < points.length && (points[at] !== ']' || at === first)) {
    const low = take();
    const isRange = points[at] === '-' && at + 1 < points.length && points[at + 1] !== ']';
    if (isRange) at++;
    const high = isRange ? take() : low;
    if (low === -1 || high === -1) break;
    if (high < low) return `has a range that runs backwards`;
    ranges.push({ first: low, last: high });
  }
  if (points[at] !== ']') return 'has a "[" without its "]"';
  return { ranges: negated ? complement(ranges) : ranges, end: at };
}

/** Spelled out, since picomatch keeps `/` out of every negated class. */
function complement(ranges: readonly ClassRange[]): ClassRange[] {
  const rest: ClassRange[] = [];
  let next = 0;
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    if (range.first > next) rest.push({ first: next, last: range.first - 1 });
    next = Math.max(next, range.last + 1);
  }
  if (next <= lastCodePoint) rest.push({ first: next, last: lastCodePoint });
  return rest;
}
