/** A power of 2. */
const places = 2_048;
const bitsOfPlace = 11;

/**
 * Keys of calls with one number, in front of a `Map` that takes three times as long. Each number has one
 * place, which belongs to the first that comes; others are not found here.
 */
export class PlacedNumbers {
  #numbers: number[] = [];
  #scopes: string[] = [];
  #keys: string[] = [];

  find(argument: number, scope: string): string | undefined {
    const place = placeOf(argument);
    if (this.#numbers[place] !== argument || this.#scopes[place] !== scope) return undefined;
    return this.#keys[place];
  }

  keep(argument: number, scope: string, key: string): void {
    const place = placeOf(argument);
    if ((this.#numbers[place] ?? argument) !== argument) return;
    this.#numbers[place] = argument;
    this.#scopes[place] = scope;
    this.#keys[place] = key;
  }

  clear(): void {
    this.#numbers = [];
    this.#scopes = [];
    this.#keys = [];
  }
}

/** Numbers that follow each other are apart, and most that are a multiple of the places are too. */
function placeOf(argument: number): number {
  return (argument ^ (argument >> bitsOfPlace)) & (places - 1);
}
