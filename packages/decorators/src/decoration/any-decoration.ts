import type { Decoration } from './decoration.ts';
import type { AnyFunction, Decorated } from '../wrapper/function-types.ts';

/** A decoration that fits any function and keeps its type. */
export interface AnyDecoration extends Decoration {
  // The second parameter keeps compilers from taking this form for a decorator with one parameter.
  <F extends AnyFunction>(fn: F, notDecorator?: undefined): Decorated<F>;
  <F extends AnyFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): Decorated<F>;
  <T>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
  <This, T>(
    accessor: ClassAccessorDecoratorTarget<This, T>,
    context: ClassAccessorDecoratorContext<This, T>,
  ): ClassAccessorDecoratorResult<This, T>;
  <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
}
