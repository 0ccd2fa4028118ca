import type { SizeBudget } from './size-budget.ts';
import { maxDepth } from './value-path.ts';

/**
 * Whether JSON text keeps `value` exactly: plain objects, arrays without holes, strings, booleans,
 * null and the numbers that JSON has, no object met twice.
 *
 * @throws EntryTooLargeError when the value exceeds the budget
 */
export function isJsonSafe(value: unknown, budget: SizeBudget): boolean {
  return new JsonWalk(budget).isSafe(value, 0);
}

/** One walk through a value. It is on the path of every write, and half as dear as the JSON itself. */
class JsonWalk {
  readonly #budget: SizeBudget;
  // Finds cycles, keeps shared objects out of JSON, which would copy them, and bounds the walk of a
  // graph whose members are shared many times over.
  readonly #seen = new Set<object>();

  constructor(budget: SizeBudget) {
    this.#budget = budget;
  }

  isSafe(value: unknown, depth: number): boolean {
    if (typeof value === 'string') {
      this.#budget.spend(value.length + 1);
      return true;
    }
    this.#budget.spend(1);
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
    if (typeof value === 'boolean' || value === null) return true;
    return typeof value === 'object' && this.#isSafeObject(value, depth);
  }

  #isSafeObject(value: object, depth: number): boolean {
    if (depth === maxDepth || !this.#isNew(value)) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Array.prototype) return this.#isSafeArray(value as unknown[], depth + 1);
    if (prototype !== Object.prototype && prototype !== null) return false;
    // Faster than over the keys or entries, which would be in an array of their own.
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      this.#budget.spend(key.length + 1);
      const member = (value as Readonly<Record<string, unknown>>)[key];
      if (!this.isSafe(member, depth + 1)) return false;
    }
    return true;
  }

  #isSafeArray(members: readonly unknown[], depth: number): boolean {
    // By index, because an iterator costs as much as the members.
    for (let index = 0; index < members.length; index++) {
      if (!this.isSafe(members[index], depth)) return false;
    }
    return true;
  }

  #isNew(value: object): boolean {
    const before = this.#seen.size;
    return this.#seen.add(value).size > before;
  }
}
