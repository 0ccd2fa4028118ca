import { types } from 'node:util';
import { type ErrorRecord, isError, splitError } from './error-record.ts';
import type { SizeBudget } from './size-budget.ts';
import { unkeepable, unkeepableInstance } from './unkeepable.ts';
import { maxDepth, ValuePath } from './value-path.ts';

/** A copy of a value that V8 can serialise, and the errors in it. */
export interface PlainCopy {
  readonly value: unknown;
  readonly errors: readonly ErrorRecord[];
}

/**
 * Copies `value` with its cycles and shared objects: errors become bare errors with a record each,
 * instances of classes become plain objects.
 *
 * @throws TypeError naming the path of a function, a symbol or another thing that cannot be kept
 * @throws EntryTooLargeError when the value exceeds the budget
 */
export function plainCopy(value: unknown, budget: SizeBudget): PlainCopy {
  const copier = new Copier(budget);
  return { value: copier.copy(value), errors: copier.errors };
}

class Copier {
  readonly errors: ErrorRecord[] = [];
  readonly #budget: SizeBudget;
  readonly #path = new ValuePath();
  readonly #copies = new Map<object, unknown>();
  /** Errors carry responses and sockets to be looked at, and are worth keeping without them. */
  #errorDepth = 0;

  constructor(budget: SizeBudget) {
    this.#budget = budget;
  }

  copy(value: unknown): unknown {
    switch (typeof value) {
      case 'function':
      case 'symbol':
        return this.#refuse(`a ${typeof value}`);
      case 'string':
        this.#budget.spend(value.length + 1);
        return value;
      case 'object':
        this.#budget.spend(1);
        return value === null ? null : this.#copyObject(value);
      case 'bigint':
      case 'boolean':
      case 'number':
      case 'undefined':
        this.#budget.spend(1);
        return value;
    }
  }

  #copyObject(source: object): unknown {
    if (this.#copies.has(source)) return this.#copies.get(source);
    if (this.#path.depth >= maxDepth) {
      throw new TypeError(`value is nested more than ${maxDepth} levels deep`);
    }
    if (ArrayBuffer.isView(source) || types.isArrayBuffer(source)) {
      this.#budget.spend(source.byteLength);
      return this.#remember(source, source);
    }
    if (types.isDate(source) || types.isRegExp(source)) return this.#remember(source, source);
    if (Array.isArray(source)) return this.#copyArray(source);
    if (types.isMap(source)) return this.#copyMap(source);
    if (types.isSet(source)) return this.#copySet(source);
    if (isError(source)) return this.#copyError(source);
    return this.#copyOther(source);
  }

  #copyArray(source: readonly unknown[]): unknown[] {
    const copy = this.#remember(source, Array.from<unknown>({ length: 0 }));
    copy.length = source.length;
    for (let index = 0; index < source.length; index++) {
      if (!(index in source)) continue;
      this.#path.enterElement(index);
      copy[index] = this.copy(source[index]);
      this.#path.leave();
    }
    return copy;
  }

  #copyMap(source: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = this.#remember(source, new Map<unknown, unknown>());
    for (const [key, value] of source) {
      this.#path.enterMapKey();
      const keyCopy = this.copy(key);
      this.#path.leave();
      this.#path.enterMapValue(key);
      copy.set(keyCopy, this.copy(value));
      this.#path.leave();
    }
    return copy;
  }

  #copySet(source: ReadonlySet<unknown>): Set<unknown> {
    const copy = this.#remember(source, new Set<unknown>());
    for (const member of source) {
      this.#path.enterSetMember();
      copy.add(this.copy(member));
      this.#path.leave();
    }
    return copy;
  }

  #copyError(source: Error): Error {
    const { error, own, hidden } = splitError(source);
    this.#remember(source, error);
    this.#budget.spend(source.message.length);
    this.#errorDepth++;
    this.errors.push({ error, own: this.#copyFields(own), hidden: this.#copyFields(hidden) });
    this.#errorDepth--;
    return error;
  }

  #copyOther(source: object): unknown {
    const refused = unkeepable(source);
    if (refused !== undefined) return this.#refuse(refused);
    if (types.isBoxedPrimitive(source)) return this.#remember(source, source);
    const prototype: unknown = Object.getPrototypeOf(source);
    const isPlain = prototype === Object.prototype || prototype === null;
    if (!isPlain && 'toJSON' in source && typeof source.toJSON === 'function') {
      this.#path.enterToJson();
      const copy = this.#remember(source, this.copy(source.toJSON()));
      this.#path.leave();
      return copy;
    }
    if (!isPlain && this.#errorDepth === 0) {
      const instance = unkeepableInstance(source);
      if (instance !== undefined) return this.#refuse(instance.what, instance.instead);
    }
    return this.#copyFields(source);
  }

  #copyFields(source: object): Record<string, unknown> {
    const copy: Record<string, unknown> = this.#remember(source, {});
    for (const [key, value] of Object.entries(source)) {
      this.#budget.spend(key.length);
      this.#path.enterProperty(key);
      const member = this.copy(value);
      this.#path.leave();
      if (key === '__proto__') {
        Object.defineProperty(copy, key, {
          value: member,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else copy[key] = member;
    }
    return copy;
  }

  #remember<T>(source: object, copy: T): T {
    this.#copies.set(source, copy);
    return copy;
  }

  #refuse(what: string, instead?: string): never {
    const advice = instead === undefined ? '' : `; keep ${instead} instead`;
    throw new TypeError(`${this.#path.toString()} is ${what} and cannot be kept${advice}`);
  }
}
