import { ToolkitError } from '@x/interfaces';

/** A function did not settle within its `timeoutMs`. It may still be running. */
export class CallTimeoutError extends ToolkitError<'ERR_CALL_TIMEOUT'> {
  override readonly name: string = 'CallTimeoutError';
  readonly code = 'ERR_CALL_TIMEOUT';
  /** The function's name; `''` without one. */
  readonly callee: string;
  /** How long it had, in milliseconds. */
  readonly timeoutMs: number;

  constructor(callee: string, timeoutMs: number, options?: ErrorOptions) {
    super(`${callee || 'the function'} did not settle within ${timeoutMs} ms`, options);
    this.callee = callee;
    this.timeoutMs = timeoutMs;
  }
}
