import { type Cache, describeValue, isThenable, type NameList, type Store } from '@x/interfaces';
import { isCacheManager } from '../cache-brand.ts';

type Optional = 'mark' | 'changesSince' | 'lease' | 'name';

const methods: NameList<Omit<Store, Optional>> = {
  get: true,
  getMany: true,
  set: true,
  setMany: true,
  delete: true,
  deleteMany: true,
  invalidate: true,
  keys: true,
  clear: true,
  purgeExpired: true,
  stats: true,
  close: true,
};

/**
 * Refuses what is no store, by its methods: a store may come from another package.
 *
 * @param name - of the option, for messages
 * @throws TypeError naming what came, and which methods it lacks
 */
export function checkStore(name: string, value: unknown): void {
  const problem = problemOf(value);
  if (problem !== undefined) throw new TypeError(`${name} must be a store, got ${problem}`);
}

function problemOf(value: unknown): string | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return describeValue(value);
  }
  // A cache has the methods of a store as well, and would keep entries where values belong.
  if (isCacheManager(value)) return 'a cache';
  const missing = Object.keys(methods).filter((method) => !hasMethod(value, method));
  if (missing.length === 0) return undefined;
  if (typeof value === 'function') return problemOfFunction(value);
  if (isThenable(value)) return 'a promise: await it';
  if (hasMethod(value, 'getOrSet' satisfies keyof Cache)) return 'a cache';
  if (!hasMethod(value, 'get')) return describeValue(value);
  return `an object without ${missing.map((method) => `${method}()`).join(', ')}`;
}

function problemOfFunction(value: { readonly name: string; readonly prototype?: unknown }): string {
  const { name, prototype } = value;
  if (typeof prototype !== 'object' || prototype === null || !hasMethod(prototype, 'get')) {
    return describeValue(value);
  }
  const how = hasMethod(value, 'open') ? `await ${name}.open(…)` : `new ${name}(…)`;
  return `the class ${name}: write ${how}`;
}

function hasMethod(value: object, name: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';
}
