/** Levenshtein: how many letters must be put in, taken out or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of from.split('').entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (letter === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}

/** How many letters the words have that both names are made of. */
function sharedLetters(name: string, other: string): number {
  const words = new Set(other.split('_'));
  return name.split('_').reduce((sum, word) => sum + (words.has(word) ? word.length : 0), 0);
}

/**
 * Which of `names`, such as `'MAX_ENTRIES'`, may have been meant by `name`: the one it is a misspelling
 * of, else those, three at most, with which it has most in common of its words.
 */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const distances = names.map((other) => editDistance(name, other));
  const least = Math.min(...distances);
  if (least <= Math.max(1, Math.floor(name.length / 4))) {
    return [names[distances.indexOf(least)] as string];
  }
  const shared = names.map((other) => sharedLetters(name, other));
  const most = Math.max(...shared);
  // Two letters are a unit, such as MS, which nearly all have.
  return most <= 2 ? [] : names.filter((_, index) => shared[index] === most).slice(0, 3);
}
