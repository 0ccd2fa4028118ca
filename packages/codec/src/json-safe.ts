import type { SizeBudget } from './size-budget.ts';
import { maxDepth } from './value-path.ts';

/**
 * Whether JSON text keeps `value` exactly: plain objects, arrays without holes, strings, booleans,
 * null and the numbers that JSON has, no object met twice.
 *
 * @throws EntryTooLargeError when the value exceeds the budget
 */
export function isJsonSafe(value: unknown, budget: SizeBudget): boolean {
  return isSafe(value, budget, new Set(), 0);
}

function isSafe(value: unknown, budget: SizeBudget, seen: Set<object>, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      budget.spend(value.length + 1);
      return true;
    case 'number':
      budget.spend(1);
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
      budget.spend(1);
      return true;
    case 'object':
      budget.spend(1);
      return value === null || isSafeObject(value, budget, seen, depth);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false;
  }
}

// A set of the objects seen finds cycles, keeps shared objects out of JSON, which would copy them,
// and bounds the walk of a graph whose members are shared many times over.
function isSafeObject(
  value: object,
  budget: SizeBudget,
  seen: Set<object>,
  depth: number,
): boolean {
  if (depth === maxDepth || seen.has(value)) return false;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    for (const member of value as unknown[]) {
      if (!isSafe(member, budget, seen, depth + 1)) return false;
    }
    return true;
  }
  if (prototype !== Object.prototype && prototype !== null) return false;
  // Twice as fast as over the entries, which would be objects of their own.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    budget.spend(key.length + 1);
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (!isSafe(member, budget, seen, depth + 1)) return false;
  }
  return true;
}
