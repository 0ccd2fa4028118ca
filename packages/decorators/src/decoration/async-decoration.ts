import type { Decoration } from './decoration.ts';
import type { Decorated, FunctionOf } from '../wrapper/function-types.ts';

/** What a limit can be put on: a promise, or the items of an asynchronous generator. */
// eslint-disable-next-line typescript/no-explicit-any -- whatever goes in and out of the generator
export type LimitedResult = Promise<unknown> | AsyncGenerator<any>;

/** A decoration that fits functions that answer a promise, or another `Result`, and keeps their type. */
export interface AsyncDecoration<Result = Promise<unknown>> extends Decoration {
  // The second parameter keeps compilers from taking this form for a decorator with one parameter.
  <F extends FunctionOf<Result>>(fn: F, notDecorator?: undefined): Decorated<F>;
  <F extends FunctionOf<Result>>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): Decorated<F>;
  <F extends FunctionOf<Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): void;
}
