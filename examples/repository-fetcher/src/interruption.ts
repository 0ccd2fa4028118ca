const interruptedExitCode = 130;
/** One key press may arrive twice: from the terminal, and from the process that started this one. */
const samePressMs = 500;

/**
 * A signal that aborts at Ctrl-C or a request to terminate, until it is disposed. Whoever presses
 * again does not want to wait: the process then ends at once.
 */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = (): void => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > samePressMs) process.exit(interruptedExitCode);
    controller.abort(new InterruptedError());
  };
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
