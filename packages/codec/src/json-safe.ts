import type { SizeBudget } from './size-budget.ts';
import { maxDepth } from './value-path.ts';

/**
 * Whether JSON text keeps `value` exactly: plain objects, arrays without holes, strings, booleans,
 * null and the numbers that JSON has, no object met twice.
 *
 * @throws EntryTooLargeError when the value exceeds the budget
 */
export function isJsonSafe(value: unknown, budget: SizeBudget): boolean {
  return new JsonWalk(budget).isSafe(value);
}

/** As many objects are compared one by one; a set for so few costs twice what the rest of a walk does. */
const fewObjects = 32;

/** One walk through a value. It is on the path of every write. */
class JsonWalk {
  readonly #budget: SizeBudget;
  // The objects met find cycles, keep shared objects out of JSON, which would copy them, and bound the
  // walk of a graph whose members are shared many times over.
  readonly #few: object[] = [];
  #many: Set<object> | undefined;
  #depth = 0;

  constructor(budget: SizeBudget) {
    this.#budget = budget;
  }

  isSafe(value: unknown): boolean {
    if (typeof value === 'string') {
      this.#budget.spend(value.length + 1);
      return true;
    }
    this.#budget.spend(1);
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
    if (typeof value === 'boolean' || value === null) return true;
    return typeof value === 'object' && this.#isSafeObject(value);
  }

  #isSafeObject(value: object): boolean {
    if (this.#depth === maxDepth || !this.#isNew(value)) return false;
    // JSON calls it, also where no loop over the members sees it.
    if ('toJSON' in value) return false;
    this.#depth++;
    const isSafe = Array.isArray(value) ? this.#isSafeArray(value) : this.#isSafeRecord(value);
    this.#depth--;
    return isSafe;
  }

  #isSafeRecord(value: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    // Faster than over the keys or entries, which would be in an array of their own. What the prototype
    // may have been given is looked at as well: it can only make the answer `false`.
    for (const key in value) {
      this.#budget.spend(key.length + 1);
      if (!this.isSafe((value as Readonly<Record<string, unknown>>)[key])) return false;
    }
    return true;
  }

  #isSafeArray(members: readonly unknown[]): boolean {
    if (Object.getPrototypeOf(members) !== Array.prototype) return false;
    // By index, because an iterator costs as much as the members.
    for (let index = 0; index < members.length; index++) {
      if (!this.isSafe(members[index])) return false;
    }
    return true;
  }

  #isNew(value: object): boolean {
    if (this.#many !== undefined) {
      const before = this.#many.size;
      return this.#many.add(value).size > before;
    }
    for (let index = 0; index < this.#few.length; index++) {
      if (this.#few[index] === value) return false;
    }
    if (this.#few.push(value) === fewObjects) this.#many = new Set(this.#few);
    return true;
  }
}
