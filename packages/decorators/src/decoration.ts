import { describeValue } from '@x/interfaces';
import type { AnyFunction } from './function-types.ts';
import { linkWrapper, type Member } from './member.ts';

/** Makes the wrapper of one function. `self` gives the wrapper that callers will see. */
export type Wrap = (fn: AnyFunction, member: Member, self: () => AnyFunction) => AnyFunction;

/** What a decorator may stand on. */
export type Target = 'methods' | 'methods and getters';

type StandardContext = ClassMethodDecoratorContext | ClassGetterDecoratorContext;

function isStandardContext(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isClass(fn: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

function wrapLinked(wrap: Wrap, fn: AnyFunction, member: Member): AnyFunction {
  const wrapper: AnyFunction = wrap(fn, member, () => wrapper);
  return linkWrapper(wrapper, fn);
}

function refusal(decorator: string, target: Target, name: string, kind: string): TypeError {
  const place = target === 'methods' ? 'a method' : 'a method or a getter';
  return new TypeError(`@${decorator} goes on ${place}; ${name} is ${kind}`);
}

function wrapStandard(
  decorator: string,
  target: Target,
  wrap: Wrap,
  fn: unknown,
  context: StandardContext,
): AnyFunction {
  const fits =
    context.kind === 'method' || (context.kind === 'getter' && target === 'methods and getters');
  if (!fits || typeof fn !== 'function') {
    throw refusal(decorator, target, String(context.name), `a ${context.kind}`);
  }
  return wrapLinked(wrap, fn as AnyFunction, {
    key: context.name,
    isMethod: true,
    isPrivate: context.private,
  });
}

function wrapLegacy(
  decorator: string,
  target: Target,
  wrap: Wrap,
  holder: object,
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
): PropertyDescriptor {
  const member: Member = { key, isMethod: true, isPrivate: false, holder };
  if (typeof descriptor?.value === 'function') {
    return { ...descriptor, value: wrapLinked(wrap, descriptor.value, member) };
  }
  if (descriptor?.get !== undefined && target === 'methods and getters') {
    // eslint-disable-next-line typescript/unbound-method -- the wrapper passes its own `this` on
    return { ...descriptor, get: wrapLinked(wrap, descriptor.get, member) };
  }
  const owner = typeof holder === 'function' ? holder : holder.constructor;
  throw refusal(decorator, target, `${owner.name}.${String(key)}`, kindOf(descriptor));
}

function kindOf(descriptor: PropertyDescriptor | undefined): string {
  if (descriptor?.get !== undefined) return 'a getter';
  return descriptor?.set === undefined ? 'a field' : 'a setter';
}

/**
 * One function that serves as a wrapper, `decorate(fn)`, as a standard decorator (2023-11
 * semantics) and as a decorator of TypeScript's `experimentalDecorators`. The three are told apart
 * by their arguments.
 */
export function createDecoration(
  decorator: string,
  target: Target,
  wrap: Wrap,
): (...args: unknown[]) => unknown {
  return (...args) => {
    const [given, key, descriptor] = args;
    if (isStandardContext(key)) return wrapStandard(decorator, target, wrap, given, key);
    if (typeof key === 'string' || typeof key === 'symbol') {
      const found = descriptor as PropertyDescriptor | undefined;
      return wrapLegacy(decorator, target, wrap, given as object, key, found);
    }
    if (typeof given === 'function' && !isClass(given as AnyFunction)) {
      const fn = given as AnyFunction;
      return wrapLinked(wrap, fn, { key: fn.name, isMethod: false, isPrivate: false });
    }
    const came = typeof given === 'function' ? `class ${given.name}` : describeValue(given);
    const places =
      target === 'methods' ? 'a function or a method' : 'a function, a method or a getter';
    throw new TypeError(`${decorator} goes on ${places}, got ${came}`);
  };
}
