/** Any function or method. */
// eslint-disable-next-line typescript/no-explicit-any -- a parameter of type `unknown` would refuse typed functions
export type AnyFunction = (this: any, ...args: any[]) => unknown;

/** Arguments of any kind. */
// eslint-disable-next-line typescript/no-explicit-any -- see above
export type AnyArguments = any[];

/** A function or method that answers a `Result`. */
// eslint-disable-next-line typescript/no-explicit-any -- see above
export type FunctionOf<Result> = (this: any, ...args: any[]) => Result;

/** A function or method that answers a promise. */
export type AsyncFunction = FunctionOf<Promise<unknown>>;

/** The same parameters and `this`, answering later. */
export type Promised<F extends AnyFunction> = (
  this: ThisParameterType<F>,
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>;

/**
 * What a decoration makes of `F`: the same, or, where `F` answers something that can do more than a
 * promise of the same, as a response that also reads its body, a function that answers just the promise.
 */
export type Decorated<F extends AnyFunction> =
  ReturnType<F> extends PromiseLike<infer Value>
    ? Promise<Value> extends ReturnType<F>
      ? F
      : Promised<F>
    : F;

/** A resource, or how to find it: asked at the first call of each instance, and then kept. */
// eslint-disable-next-line typescript/no-explicit-any -- the instance's class is not known where it is decorated
export type Resource<R extends object> = R | ((self: any) => R);
