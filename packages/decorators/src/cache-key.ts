import { randomUUID } from 'node:crypto';
import { encodeArguments, encodeString, UnencodableError } from './argument-key.ts';
import type { AnyArguments, AnyFunction } from './function-types.ts';
import { qualifiedName, type Member } from './member.ts';

/**
 * Whose results are shared: of one instance, of all, or of all instances for which the function
 * answers the same string.
 */
// eslint-disable-next-line typescript/no-explicit-any -- the instance's class is not known where it is decorated
export type CacheScope = 'instance' | 'shared' | ((self: any) => string);

/** What decides the key of a call. */
export interface KeyOptions {
  readonly name: string | undefined;
  readonly key: ((...args: AnyArguments) => string) | undefined;
  readonly scope: CacheScope | undefined;
}

/** Makes the key of a call from its `this` and its arguments: `name:arguments`, then `#scope`. */
export type KeyMaker = (self: unknown, args: readonly unknown[]) => string;

/**
 * The ids of instances, made on first use. They are random: a counter would give an instance the
 * entries that another one left in a persistent cache.
 */
function createInstanceIds(name: () => string): (self: unknown) => string {
  const ids = new WeakMap<object, string>();
  return (self) => {
    if ((typeof self !== 'object' || self === null) && typeof self !== 'function') {
      throw new TypeError(`${name()} with scope "instance" was called without an instance`);
    }
    let id = ids.get(self);
    if (id === undefined) ids.set(self, (id = randomUUID()));
    return id;
  };
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
  let name = options.name;
  if (name === undefined && member.name === '') {
    throw new TypeError('cached needs the option name: the function has no name of its own');
  }
  const instanceId = createInstanceIds(() => name ?? member.name);

  const argumentText = (self: unknown, args: readonly unknown[]): string => {
    try {
      return key === undefined ? encodeArguments(args) : key.apply(self, [...args]);
    } catch (error) {
      if (!(error instanceof UnencodableError)) throw error;
      throw new TypeError(
        `the arguments of ${name} cannot be a cache key (${error.message}); give the option key`,
        { cause: error },
      );
    }
  };

  return (self, args) => {
    name ??= qualifiedName(self, member, wrapper());
    const text = `${name}:${argumentText(self, args)}`;
    if (scope === 'shared') return text;
    return scope === 'instance'
      ? `${text}#${instanceId(self)}`
      : `${text}#${encodeString(scope(self))}`;
  };
}
