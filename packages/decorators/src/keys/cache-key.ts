import { describeValue } from '@x/interfaces';
import { encodeArguments, encodeString, UnencodableError } from './argument-key.ts';
import type { AnyArguments, AnyFunction } from '../wrapper/function-types.ts';
import { withCallerSignal } from '../call/caller-signal.ts';
import { InstanceIds } from './instance-ids.ts';
import { isSimple, KnownKeys } from './known-keys.ts';
import { bareName, createMemberNamer, type Member } from '../wrapper/member.ts';

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

/** Makes the keys of one function: `name:arguments`, then `#scope` where not all results are shared. */
export interface KeyMaker {
  /** The key of a call with its `this` and its arguments. */
  readonly keyOf: (self: unknown, args: readonly unknown[]) => string;
  /** The same for a call with one argument. */
  readonly keyOfOne: (self: unknown, argument: unknown) => string;
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
      `argument ${error.position} of ${name} cannot be a cache key (${error.message}); give the option key`,
      { cause: error },
    );
  }
}

/** Answers what is after the arguments, `''` where results are shared by all. */
type ScopeFinder = (self: unknown) => string;

function createScopeFinder(scope: CacheScope, name: string, member: Member): ScopeFinder {
  if (scope === 'shared') return () => '';
  if (scope !== 'instance') {
    return (self) => `#${encodeString(checkText(name, 'scope', scope(self)))}`;
  }
  const ids = new InstanceIds();
  member.writeListeners?.push((self) => ids.forget(self as object));
  return (self) => {
    if ((typeof self === 'object' && self !== null) || typeof self === 'function') {
      return ids.of(self);
    }
    throw new TypeError(`${name} with scope "instance" was called without an instance`);
  };
}

/**
 * @throws TypeError when there is nothing to name the keys after, and for a member that can be written
 * but whose results are shared
 */
export function createKeyMaker(
  options: KeyOptions,
  member: Member,
  wrapper: () => AnyFunction,
): KeyMaker {
  const { key, scope = member.isMethod ? 'instance' : 'shared' } = options;
  const bare = bareName(member);
  checkPlace(options.name, scope, member);
  const nameOf = createMemberNamer(member, wrapper);
  const scopeOf = createScopeFinder(scope, options.name ?? bare, member);
  const knownKeys = new KnownKeys();

  const findName = (self: unknown): string => {
    const name = options.name ?? nameOf(self);
    if (name !== undefined) return name;
    // The id of the instance belongs to this decoration alone, and keeps equal names apart.
    if (scope === 'instance') return bare;
    throw new TypeError(
      `cached needs the option name for ${bare}: the class that declares it cannot be found`,
    );
  };

  const makeKey = (self: unknown, args: readonly unknown[], scopeText: string): string => {
    const name = findName(self);
    const argumentText =
      key === undefined
        ? encodeAll(name, withCallerSignal(args, undefined))
        : checkText(name, 'key', key.apply(self, [...args]));
    return `${name}:${argumentText}${scopeText}`;
  };

  const keyOf = (self: unknown, args: readonly unknown[]): string =>
    makeKey(self, args, scopeOf(self));

  const keyOfOne = (self: unknown, argument: unknown): string => {
    const scopeText = scopeOf(self);
    if (key !== undefined || !isSimple(argument)) return makeKey(self, [argument], scopeText);
    const known = knownKeys.find(argument, scopeText);
    if (known !== undefined) return known;
    const made = makeKey(self, [argument], scopeText);
    knownKeys.keep(argument, scopeText, made);
    return made;
  };
  return { keyOf, keyOfOne };
}

function checkPlace(name: string | undefined, scope: CacheScope, member: Member): void {
  const bare = bareName(member);
  if (name === undefined && !member.isMethod && bare === '') {
    throw new TypeError('cached needs the option name: the function has no name of its own');
  }
  if (scope === 'instance') return;
  if (name === undefined && member.isPrivate) {
    throw new TypeError(
      `cached needs the option name for ${bare}: private members have results of their own only with scope "instance"`,
    );
  }
  if (member.writeListeners !== undefined) {
    throw new TypeError(
      `cached needs scope "instance" for ${bare}: it can be written, which ends what is cached for one instance only`,
    );
  }
}
