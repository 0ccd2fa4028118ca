import { randomUUID } from 'node:crypto';
import { describeValue } from '@x/interfaces';
import { encodeArguments, encodeString, UnencodableError } from './argument-key.ts';
import type { AnyArguments, AnyFunction } from './function-types.ts';
import { bareName, createMemberNamer, type Member } from './member.ts';

/**
 * Whose results are shared: of one instance, of all, or of all instances for which the function
 * answers the same string.
 */
// eslint-disable-next-line typescript/no-explicit-any -- the instance's class is not known where it is decorated
export type CacheScope = 'instance' | 'shared' | ((self: any) => string);

/** What decides the key of a call. */
export interface KeyOptions {
  readonly name?: string | undefined;
  readonly key?: ((...args: AnyArguments) => string) | undefined;
  readonly scope?: CacheScope | undefined;
}

/** Makes the key of a call from its `this` and its arguments: `name:arguments`, then `#scope`. */
export type KeyMaker = (self: unknown, args: readonly unknown[]) => string;

/**
 * The ids of instances, made on first use, by each decoration for itself. They are random: a counter
 * would give an instance the entries that another one left in a persistent cache.
 */
class InstanceIds {
  readonly #name: string;
  readonly #ids = new WeakMap<object, string>();

  constructor(name: string) {
    this.#name = name;
  }

  of(self: unknown): string {
    if ((typeof self !== 'object' || self === null) && typeof self !== 'function') {
      throw new TypeError(`${this.#name} with scope "instance" was called without an instance`);
    }
    let id = this.#ids.get(self);
    if (id === undefined) this.#ids.set(self, (id = randomUUID()));
    return id;
  }

  /** Gives the instance another id when it is next asked for: what was kept under the old one ends. */
  forget(self: unknown): void {
    this.#ids.delete(self as object);
  }
}

function checkText(name: string, option: string, answer: unknown): string {
  if (typeof answer === 'string') return answer;
  throw new TypeError(
    `the option ${option} of ${name} must answer a string, got ${describeValue(answer)}`,
  );
}

function encodeAll(name: string, args: readonly unknown[]): string {
  try {
    return encodeArguments(args);
  } catch (error) {
    if (!(error instanceof UnencodableError)) throw error;
    throw new TypeError(
      `the arguments of ${name} cannot be a cache key (${error.message}); give the option key`,
      { cause: error },
    );
  }
}

/**
 * @throws TypeError when there is nothing to name the keys after
 */
export function createKeyMaker(
  options: KeyOptions,
  member: Member,
  wrapper: () => AnyFunction,
): KeyMaker {
  const { key, scope = member.isMethod ? 'instance' : 'shared' } = options;
  const bare = bareName(member);
  if (options.name === undefined && !member.isMethod && bare === '') {
    throw new TypeError('cached needs the option name: the function has no name of its own');
  }
  if (options.name === undefined && member.isPrivate && scope !== 'instance') {
    throw new TypeError(
      `cached needs the option name for ${bare}: private members have results of their own only with scope "instance"`,
    );
  }
  const ids = new InstanceIds(options.name ?? bare);
  if (scope === 'instance') member.writeListeners?.push((self) => ids.forget(self));
  const nameOf = createMemberNamer(member, wrapper);

  const findName = (self: unknown): string => {
    const name = options.name ?? nameOf(self);
    if (name !== undefined) return name;
    // The id of the instance belongs to this decoration alone, and keeps equal names apart.
    if (scope === 'instance') return bare;
    throw new TypeError(
      `cached needs the option name for ${bare}: the class that declares it cannot be found`,
    );
  };

  return (self, args) => {
    const name = findName(self);
    const argumentText =
      key === undefined
        ? encodeAll(name, args)
        : checkText(name, 'key', key.apply(self, [...args]));
    const text = `${name}:${argumentText}`;
    if (scope === 'shared') return text;
    return scope === 'instance'
      ? `${text}#${ids.of(self)}`
      : `${text}#${encodeString(checkText(name, 'scope', scope(self)))}`;
  };
}
