import type { AsyncFunction } from './function-types.ts';

/** A decoration that fits functions that answer a promise, and keeps their type. */
export interface AsyncDecoration {
  // The second parameter keeps compilers from taking this form for a decorator with one parameter.
  <F extends AsyncFunction>(fn: F, notDecorator?: undefined): F;
  <F extends AsyncFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <F extends AsyncFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}
