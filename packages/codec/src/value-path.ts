/** Values nested deeper are refused: neither walks nor V8 may run out of stack. */
export const maxDepth = 1_000;

/** Where in a value a walk stands, for messages such as `value.a[2].b is a function`. */
export class ValuePath {
  readonly #steps: string[] = [];

  get depth(): number {
    return this.#steps.length;
  }

  enterProperty(key: string): void {
    const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key);
    this.#steps.push(isName ? `.${key}` : `[${JSON.stringify(key)}]`);
  }

  enterToJson(): void {
    this.#steps.push('.toJSON()');
  }

  enterElement(index: number): void {
    this.#steps.push(`[${index}]`);
  }

  enterMapKey(): void {
    this.#steps.push(' (a key of the Map)');
  }

  enterMapValue(key: unknown): void {
    const named = typeof key === 'string' || typeof key === 'number';
    this.#steps.push(named ? `.get(${JSON.stringify(key)})` : ' (a value of the Map)');
  }

  enterSetMember(): void {
    this.#steps.push(' (a member of the Set)');
  }

  leave(): void {
    this.#steps.pop();
  }

  toString(): string {
    return `value${this.#steps.join('')}`;
  }
}
