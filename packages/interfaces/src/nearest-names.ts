/** From so many letters on, a name with two edits is rather a misspelling than another name. */
const shortestWithTwoEdits = 12;
/** What words have in common counts from so many letters on, and fewer where the shorter word is all of it, such as `max`. */
const fewestShared = 4;
const shortestWord = 3;
/** What says nothing of what is meant. */
const units = new Set([
  'ms',
  'millis',
  'milliseconds',
  'secs',
  'seconds',
  'minutes',
  'hours',
  'per',
]);
/** Nobody means an option by a longer name, which may come from anywhere. */
const longestName = 100;
/** What part of a name other names must have in common with it. */
const leastShare = 0.4;
/** What has this part of what the nearest has in common is named as well. */
const nearlyAsMuch = 0.7;
const mostNames = 3;

/**
 * Which of `known` may have been meant by `name`, good enough for a hint: the one of which it is a
 * misspelling, with one edit, or two from 12 letters on; else those, three at most, nearest first, whose words
 * have most letters in common with its own. Upper and lower case count as the same. Words begin at a capital, as in
 * `maxEntries`, or after an underscore, as in `MAX_ENTRIES`; units, such as `Ms`, do not count. For a name of more
 * than 100 letters there is none.
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  if (name.length > longestName) return [];
  const meant = misspelt(name, known);
  if (meant !== undefined) return [meant];
  const words = wordsOf(name);
  const candidates = known.map((other) => ({
    other,
    shared: sharedLetters(words, wordsOf(other)),
  }));
  const most = Math.max(...candidates.map(({ shared }) => shared));
  if (most < words.join('').length * leastShare) return [];
  return candidates
    .filter(({ shared }) => shared > 0 && shared >= most * nearlyAsMuch)
    .toSorted((one, two) => two.shared - one.shared)
    .slice(0, mostNames)
    .map(({ other }) => other);
}

function misspelt(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of known) {
    const most = candidate.length < shortestWithTwoEdits ? 1 : 2;
    if (Math.abs(candidate.length - given.length) > most) continue;
    const edits = countEdits(given, candidate.toLowerCase());
    if (edits > most || edits >= fewest) continue;
    best = candidate;
    fewest = edits;
  }
  return best;
}

function wordsOf(name: string): string[] {
  const words = name.split(/_|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
  return words.filter((word) => !units.has(word));
}

/** How many letters the words have in common from their beginnings, each with the word nearest to it. */
function sharedLetters(words: readonly string[], others: readonly string[]): number {
  let sum = 0;
  for (const word of words) {
    sum += Math.max(0, ...others.map((other) => sharedStart(word, other)));
  }
  return sum;
}

function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  const isWord = length >= shortestWord && length === Math.min(one.length, other.length);
  return isWord || length >= fewestShared ? length : 0;
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
