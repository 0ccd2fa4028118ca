/** Below so many letters, a name with another letter in it is likely another name. */
const shortestWithEdit = 4;
/** Below so many, another letter makes another word, as of `stats` and `state`, `clone` and `close`, or `name` and `game`. */
const shortestWithAnyEdit = 6;
/** Below so many, two edits lie between names that are both meant, as `maxRetries` and `maxEntries`. */
const shortestWithTwoEdits = 12;

/**
 * The one of `known` that `name` may be a misspelling of, or `undefined`: good enough for a hint. Upper and
 * lower case count as the same. Beyond that a name of 4 letters may have one edit, and one of 12 two: a
 * letter that is missing, another, or one too many, or two neighbours in each other's place; not the first
 * of fewer than 6 letters, unless it is the second now.
 */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of known) {
    const most = mostEdits(candidate);
    if (Math.abs(candidate.length - given.length) > most) continue;
    const meant = candidate.toLowerCase();
    if (meant.length < shortestWithAnyEdit && !beginAlike(given, meant)) continue;
    const edits = countEdits(given, meant);
    if (edits > most || edits >= fewest) continue;
    best = candidate;
    fewest = edits;
  }
  return best;
}

/** A slip away from `form`, of a request, and a word as good. */
const wordBySlip = 'from';

/**
 * Whether `name`, which may be a misspelling of `meant`, may be a word of its own as well: for a word of
 * fewer than 6 letters whatever is more than a slip of the fingers, a letter typed twice or two neighbours in
 * each other's place. What has a capital in it, as `ttlMs`, is no word.
 */
export function mayBeAnotherWord(name: string, meant: string): boolean {
  if (meant.length >= shortestWithAnyEdit || /[A-Z]/.test(meant)) return false;
  const given = name.toLowerCase();
  return given === wordBySlip || (given !== meant && !isSlip(given, meant));
}

/** Whether `given`, which is one edit from `meant`, has a letter of it twice, or two neighbours in each other's place. */
function isSlip(given: string, meant: string): boolean {
  let at = 0;
  while (given[at] === meant[at]) at++;
  if (given.length > meant.length) return given[at] === given[at - 1];
  return given[at] === meant[at + 1] && given[at + 1] === meant[at];
}

function mostEdits({ length }: string): number {
  if (length < shortestWithEdit) return 0;
  return length < shortestWithTwoEdits ? 1 : 2;
}

/** Whether their first letters are the same, or the first two are in each other's place. */
function beginAlike(one: string, other: string): boolean {
  return one[0] === other[0] || (one[0] === other[1] && one[1] === other[0]);
}

/** The distance of Damerau and Levenshtein, where no letter is edited twice. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const counts = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      counts[column] = Math.min(
        (last[column] as number) + 1,
        (counts[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] as number) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = counts;
  }
  return last[to.length] as number;
}
