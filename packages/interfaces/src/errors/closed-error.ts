import { ToolkitError } from './toolkit-error.ts';

/** Something was used after its `close()`. */
export class ClosedError extends ToolkitError<'ERR_CLOSED'> {
  override readonly name: string = 'ClosedError';
  readonly code = 'ERR_CLOSED';
  /** What was closed, for example `store "memory"`. */
  readonly subject: string;

  constructor(subject: string, options?: ErrorOptions) {
    super(`${subject} is closed`, options);
    this.subject = subject;
  }
}
