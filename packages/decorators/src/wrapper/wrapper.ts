import type { AnyFunction } from './function-types.ts';
import type { AppliedPolicy } from './policy.ts';
import { copyReflectedMetadata } from './reflected-metadata.ts';

/** The same in every copy of the package, so that each sees what the others wrapped. */
const wrapped: unique symbol = Symbol.for('@x/decorators:wrapped') as never;

/** What a wrapper stands for. */
export interface Wrapped {
  readonly fn: AnyFunction;
  readonly policy: AppliedPolicy;
}

type Wrapper = AnyFunction & { readonly [wrapped]?: Wrapped };

/** Gives `wrapper` the name, length and metadata of `fn` and remembers what it stands for. */
export function linkWrapper(
  wrapper: AnyFunction,
  fn: AnyFunction,
  policy: AppliedPolicy,
): AnyFunction {
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: fn.length, configurable: true });
  Object.defineProperty(wrapper, wrapped, { value: { fn, policy } satisfies Wrapped });
  copyReflectedMetadata(fn, wrapper);
  return wrapper;
}

/** What `fn` stands for, if it is a wrapper. */
export function wrappedBy(fn: AnyFunction): Wrapped | undefined {
  return (fn as Wrapper)[wrapped];
}

/** The function beneath all wrappers. */
export function innermost(fn: AnyFunction): AnyFunction {
  let current = fn;
  for (let inner = wrappedBy(fn); inner !== undefined; inner = wrappedBy(current)) {
    current = inner.fn;
  }
  return current;
}

/** Whether `candidate` is `fn` or a wrapper of it. */
export function standsFor(candidate: unknown, fn: AnyFunction): boolean {
  let current = typeof candidate === 'function' ? (candidate as AnyFunction) : undefined;
  while (current !== undefined && current !== fn) current = wrappedBy(current)?.fn;
  return current === fn;
}

function tagOf(fn: AnyFunction): string {
  return Object.prototype.toString.call(innermost(fn));
}

/** Whether `fn`, or the function that it wraps, was declared `async`. */
export function isDeclaredAsync(fn: AnyFunction): boolean {
  return tagOf(fn) === '[object AsyncFunction]';
}

/** What kind of generator `fn`, or the function that it wraps, is, if it is one. */
export function generatorKind(fn: AnyFunction): 'asynchronous' | 'synchronous' | undefined {
  const tag = tagOf(fn);
  if (tag === '[object AsyncGeneratorFunction]') return 'asynchronous';
  return tag === '[object GeneratorFunction]' ? 'synchronous' : undefined;
}
