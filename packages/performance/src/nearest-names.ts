import { misspelt } from '@x/interfaces';

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
  const meant = misspelt(name, names);
  if (meant !== undefined) return [meant];
  const shared = names.map((other) => sharedLetters(name, other));
  const most = Math.max(...shared);
  // Two letters are a unit, such as MS, which nearly all have.
  return most <= 2 ? [] : names.filter((_, index) => shared[index] === most).slice(0, 3);
}
