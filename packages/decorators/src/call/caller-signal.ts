/**
 * The signal that a caller gave with a call, where functions take it: as the last argument, or as
 * `signal` in an object that is the last argument.
 */
export function callerSignal(args: readonly unknown[]): AbortSignal | undefined {
  return signalIn(args[args.length - 1]);
}

/** The signal that `last`, the last argument of a call, is or has. */
export function signalIn(last: unknown): AbortSignal | undefined {
  if (typeof last !== 'object' || last === null) return undefined;
  if (last instanceof AbortSignal) return last;
  const { signal } = last as { readonly signal?: unknown };
  return signal instanceof AbortSignal ? signal : undefined;
}
