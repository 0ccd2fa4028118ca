/** A signal that aborts at Ctrl-C or a request to terminate, until it is disposed. */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new InterruptedError());
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

/** The user asked to stop. */
export class InterruptedError extends Error {
  override readonly name: string = 'InterruptedError';

  constructor() {
    super('Interrupted. What was fetched is kept; the next start goes on from there.');
  }
}
