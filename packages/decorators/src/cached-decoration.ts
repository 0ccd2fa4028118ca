import type { AnyArguments, AnyFunction, AsyncFunction, Promised } from './function-types.ts';

/**
 * What may follow a function of type `F`: nothing, if the option `key`, which takes `Args`, can be
 * called with its arguments. The optional `undefined` keeps compilers from taking the wrapper for a
 * decorator with one parameter.
 */
export type KeyFits<Args extends readonly unknown[], F extends AnyFunction> = ((
  ...args: Args
) => string) extends (...args: Parameters<F>) => string
  ? [notDecorator?: undefined]
  : [error: 'the option key does not take the arguments of this function'];

/** `cached` over a cache whose answers take time. */
export interface CachedDecoration<Args extends readonly unknown[] = AnyArguments> {
  <F extends AsyncFunction>(fn: F, ...fits: KeyFits<Args, F>): F;
  <F extends AnyFunction>(fn: F, ...fits: KeyFits<Args, F>): Promised<F>;
  <F extends AsyncFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <T extends Promise<unknown>>(
    getter: () => T,
    context: ClassGetterDecoratorContext<unknown, T>,
  ): () => T;
  <T extends AsyncFunction | Promise<unknown>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

/** A function whose result a cache of `V` can hold. */
// eslint-disable-next-line typescript/no-explicit-any -- a parameter of type `unknown` would refuse typed functions
type FunctionOf<V> = (this: any, ...args: any[]) => V;

/** `cached` over a cache that answers at once and holds values of type `V`. */
export interface SyncCachedDecoration<V = unknown, Args extends readonly unknown[] = AnyArguments> {
  <F extends FunctionOf<V>>(fn: F, ...fits: KeyFits<Args, F>): F;
  <F extends FunctionOf<V>>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <T extends V>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
  <T extends V | FunctionOf<V>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}
