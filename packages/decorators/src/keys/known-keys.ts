import { PlacedNumbers } from './placed-numbers.ts';

/** An argument whose key is remembered. */
export type SimpleArgument = string | number;

/** Longer strings are not remembered, so that they are not kept from being collected. */
const longestText = 100;
const mostKeys = 1_000;

export function isSimple(argument: unknown): argument is SimpleArgument {
  if (typeof argument === 'string') return argument.length <= longestText;
  // A map takes -0 for 0, and their keys differ.
  return typeof argument === 'number' && !Object.is(argument, -0);
}

/**
 * Keys of calls with one simple argument. To make a key, and the hash by which a cache then finds it,
 * takes longer than everything else about a hit. Of several scopes the last one that asked with an
 * argument has its key here.
 */
export class KnownKeys {
  readonly #keys = new Map<SimpleArgument, { scope: string; key: string }>();
  readonly #numbers = new PlacedNumbers();
  #turnedAway = 0;

  find(argument: SimpleArgument, scope: string): string | undefined {
    if (typeof argument === 'number') {
      const placed = this.#numbers.find(argument, scope);
      if (placed !== undefined) return placed;
    }
    const known = this.#keys.get(argument);
    return known?.scope === scope ? known.key : undefined;
  }

  keep(argument: SimpleArgument, scope: string, key: string): void {
    if (!this.#keys.has(argument) && !this.#hasRoom()) return;
    this.#keys.set(argument, { scope, key });
    if (typeof argument === 'number') this.#numbers.keep(argument, scope, key);
  }

  /** Starts anew when many more arguments are asked for than there is room, but not for each. */
  #hasRoom(): boolean {
    if (this.#keys.size < mostKeys) return true;
    if (++this.#turnedAway < 4 * mostKeys) return false;
    this.#keys.clear();
    this.#numbers.clear();
    this.#turnedAway = 0;
    return true;
  }
}
