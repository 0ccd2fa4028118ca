/**
 * The signal that a caller gave with a call, where functions take it: as the last argument, or as
 * `signal` in an object that is the last argument.
 */
export function callerSignal(args: readonly unknown[]): AbortSignal | undefined {
  return signalIn(args[args.length - 1]);
}

/**
 * `args` with another signal in the place of the caller's. Where there is none to take its place, they are
 * as if the caller had given none.
 */
export function withCallerSignal<Args extends readonly unknown[]>(
  args: Args,
  signal: AbortSignal | undefined,
): Args | unknown[] {
  const last = args.at(-1);
  if (signalIn(last) === undefined) return args;
  const others = args.slice(0, -1);
  if (last instanceof AbortSignal) return signal === undefined ? others : [...others, signal];
  const { signal: _given, ...options } = last as Readonly<Record<string, unknown>>;
  if (signal !== undefined) return [...others, { ...options, signal }];
  return Object.keys(options).length === 0 ? others : [...others, options];
}

/** The signal that `last`, the last argument of a call, is or has. */
export function signalIn(last: unknown): AbortSignal | undefined {
  if (typeof last !== 'object' || last === null) return undefined;
  if (last instanceof AbortSignal) return last;
  const { signal } = last as { readonly signal?: unknown };
  return signal instanceof AbortSignal ? signal : undefined;
}
