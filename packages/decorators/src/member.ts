import type { AnyFunction } from './function-types.ts';

const innerFunction: unique symbol = Symbol('inner function');

type Wrapper = AnyFunction & { [innerFunction]?: AnyFunction };

/** What a decorator was applied to. */
export interface Member {
  /** The function's own name, `#name` for a private method; `''` when it has none. */
  readonly name: string;
  /** Whether `this` is an instance or a class, as opposed to a free function. */
  readonly isMethod: boolean;
  /** The class that declares it, where that is known when it is decorated. */
  readonly className?: string | undefined;
}

/** Gives `wrapper` the name and length of `fn` and remembers what it stands for. */
export function linkWrapper(wrapper: AnyFunction, fn: AnyFunction): AnyFunction {
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: fn.length, configurable: true });
  Object.defineProperty(wrapper, innerFunction, { value: fn });
  return wrapper;
}

function standsFor(candidate: unknown, fn: AnyFunction): boolean {
  let current = typeof candidate === 'function' ? (candidate as Wrapper) : undefined;
  while (current !== undefined && current !== fn) current = current[innerFunction];
  return current === fn;
}

function className(holder: object): string {
  if (typeof holder === 'function') return holder.name;
  return holder.constructor.name;
}

/**
 * `Class.method` of the class that declares the method, so that an override and the method it calls
 * by `super` have different names. Standard decorators run before their class exists; it is found on
 * the prototype chain of the first caller.
 */
function declaringClass(self: object, member: Member, wrapper: AnyFunction): string {
  for (let holder: object | null = self; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, member.name);
    // eslint-disable-next-line typescript/unbound-method -- compared, not called
    if (standsFor(property?.value, wrapper) || standsFor(property?.get, wrapper)) {
      return className(holder);
    }
  }
  return className(self);
}

/** The name of a member in keys and metrics: `method`'s own, or `Class.method`. */
export function qualifiedName(self: unknown, member: Member, wrapper: AnyFunction): string {
  if (!member.isMethod) return member.name;
  if (member.className !== undefined) return `${member.className}.${member.name}`;
  const isHolder = (typeof self === 'object' && self !== null) || typeof self === 'function';
  return isHolder ? `${declaringClass(self, member, wrapper)}.${member.name}` : member.name;
}
