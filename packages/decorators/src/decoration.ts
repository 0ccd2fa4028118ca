import { describeValue } from '@x/interfaces';
import type { AnyFunction } from './function-types.ts';
import { linkWrapper, type Member } from './member.ts';

/** Makes the wrapper of one function. `self` gives the wrapper that callers will see. */
export type Wrap = (fn: AnyFunction, member: Member, self: () => AnyFunction) => AnyFunction;

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

function wrapStandard(decorator: string, wrap: Wrap, fn: unknown, context: StandardContext) {
  const name = String(context.name);
  if ((context.kind !== 'method' && context.kind !== 'getter') || typeof fn !== 'function') {
    const kind: string = context.kind;
    throw new TypeError(`@${decorator} goes on a method or a getter; ${name} is a ${kind}`);
  }
  return wrapLinked(wrap, fn as AnyFunction, { name, isMethod: true });
}

function wrapLegacy(
  decorator: string,
  wrap: Wrap,
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
): PropertyDescriptor {
  const holder = typeof target === 'function' ? target : target.constructor;
  const member: Member = { name: String(key), isMethod: true, className: holder.name };
  if (typeof descriptor?.value === 'function') {
    return { ...descriptor, value: wrapLinked(wrap, descriptor.value, member) };
  }
  if (descriptor?.get !== undefined) {
    // eslint-disable-next-line typescript/unbound-method -- the wrapper passes its own `this` on
    return { ...descriptor, get: wrapLinked(wrap, descriptor.get, member) };
  }
  throw new TypeError(
    `@${decorator} goes on a method or a getter; ${holder.name}.${member.name} is neither`,
  );
}

/**
 * One function that serves as a wrapper, `decorate(fn)`, as a standard decorator (2023-11
 * semantics) and as a decorator of TypeScript's `experimentalDecorators`. The three are told apart
 * by their arguments.
 */
export function createDecoration(decorator: string, wrap: Wrap): (...args: unknown[]) => unknown {
  return (...args) => {
    const [target, key, descriptor] = args;
    if (isStandardContext(key)) return wrapStandard(decorator, wrap, target, key);
    if (typeof key === 'string' || typeof key === 'symbol') {
      return wrapLegacy(decorator, wrap, target as object, key, descriptor as PropertyDescriptor);
    }
    if (typeof target === 'function' && !isClass(target as AnyFunction)) {
      const fn = target as AnyFunction;
      return wrapLinked(wrap, fn, { name: fn.name, isMethod: false });
    }
    const given = typeof target === 'function' ? `class ${target.name}` : describeValue(target);
    throw new TypeError(`${decorator} goes on a function, a method or a getter, got ${given}`);
  };
}
