import type { Decoration } from './decoration.ts';
import type {
  AnyArguments,
  AnyFunction,
  AsyncFunction,
  Decorated,
  FunctionOf,
  Promised,
} from '../wrapper/function-types.ts';

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
export interface CachedDecoration<
  Args extends readonly unknown[] = AnyArguments,
> extends Decoration {
  <F extends AsyncFunction>(fn: F, ...fits: KeyFits<Args, F>): Decorated<F>;
  <F extends AnyFunction>(fn: F, ...fits: KeyFits<Args, F>): Promised<F>;
  <F extends AsyncFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): Decorated<F>;
  <T extends Promise<unknown>>(
    getter: () => T,
    context: ClassGetterDecoratorContext<unknown, T>,
  ): () => T;
  <This, T extends Promise<unknown>>(
    accessor: ClassAccessorDecoratorTarget<This, T>,
    context: ClassAccessorDecoratorContext<This, T>,
  ): ClassAccessorDecoratorResult<This, T>;
  <T extends AsyncFunction | Promise<unknown>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): void;
}

/** `cached` over a cache that answers at once and holds values of type `V`. */
export interface SyncCachedDecoration<
  V = unknown,
  Args extends readonly unknown[] = AnyArguments,
> extends Decoration {
  <F extends FunctionOf<V>>(fn: F, ...fits: KeyFits<Args, F>): Decorated<F>;
  <F extends FunctionOf<V>>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): Decorated<F>;
  <T extends V>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
  <This, T extends V>(
    accessor: ClassAccessorDecoratorTarget<This, T>,
    context: ClassAccessorDecoratorContext<This, T>,
  ): ClassAccessorDecoratorResult<This, T>;
  <T extends V | FunctionOf<V>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): void;
}
