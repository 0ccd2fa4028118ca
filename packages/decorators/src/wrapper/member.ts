import type { AnyFunction } from './function-types.ts';
import { standsFor } from './wrapper.ts';

/** What a decorator was applied to. */
export interface Member {
  /** The key of a method or getter, `#name` for a private one; a function's name, `''` without one. */
  readonly key: string | symbol;
  /** Whether `this` is an instance or a class, as opposed to a free function. */
  readonly isMethod: boolean;
  /** Whether it is a `#private` member, which no look-up finds. */
  readonly isPrivate: boolean;
  /** The prototype or class that declares it, where that exists when it is decorated. */
  readonly holder?: object | undefined;
  /** Where the member can be written, whoever is here is told of each write, with the instance. */
  readonly writeListeners?: ((self: unknown) => void)[] | undefined;
}

/** Answers `Class.method` or a function's name, or `undefined` where the class cannot be found. */
export type MemberNamer = (self: unknown) => string | undefined;

/** The name of the class that `holder` is, or is the prototype of. */
function className(holder: object): string | undefined {
  const owner: unknown =
    typeof holder === 'function'
      ? holder
      : Object.getOwnPropertyDescriptor(holder, 'constructor')?.value;
  if (typeof owner !== 'function') return undefined;
  if (owner !== holder && owner.prototype !== holder) return undefined;
  const { name }: { name: unknown } = owner;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/**
 * The class that declares the member, found on the prototype chain of a caller, because standard
 * decorators run before their class exists.
 */
function declaringClass(self: unknown, member: Member, wrapper: AnyFunction): string | undefined {
  if ((typeof self !== 'object' && typeof self !== 'function') || member.isPrivate)
    return undefined;
  for (
    let holder = self;
    holder !== null;
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    const property = Object.getOwnPropertyDescriptor(holder, member.key);
    // eslint-disable-next-line typescript/unbound-method -- compared, not called
    if (standsFor(property?.value, wrapper) || standsFor(property?.get, wrapper)) {
      const name = className(holder);
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

/** The name of a member without its class. */
export function bareName(member: Member): string {
  return String(member.key);
}

/**
 * Names a member after the class that declares it, so that an override and the method it calls by
 * `super` have different names. Only a name that is certain is remembered.
 */
export function createMemberNamer(member: Member, wrapper: () => AnyFunction): MemberNamer {
  const bare = bareName(member);
  if (!member.isMethod) return () => bare;
  let known: string | undefined;
  return (self) => {
    if (known !== undefined) return known;
    const owner =
      member.holder === undefined
        ? declaringClass(self, member, wrapper())
        : className(member.holder);
    return owner === undefined ? undefined : (known = `${owner}.${bare}`);
  };
}
