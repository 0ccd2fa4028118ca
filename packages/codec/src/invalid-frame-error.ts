import { ToolkitError } from '@x/interfaces';

/** Bytes are no frame that this codec can read: damaged, cut short, foreign or of another version. */
export class InvalidFrameError extends ToolkitError<'ERR_INVALID_FRAME'> {
  override readonly name: string = 'InvalidFrameError';
  readonly code = 'ERR_INVALID_FRAME';
  /** What is wrong with the bytes. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`invalid frame: ${reason}`, options);
    this.reason = reason;
  }
}
