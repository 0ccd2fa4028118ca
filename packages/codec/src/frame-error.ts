import { ToolkitError } from '@x/interfaces';

/** Bytes are no frame that this codec can read: damaged, cut short, foreign or of another version. */
export class FrameError extends ToolkitError<'ERR_FRAME_INVALID'> {
  override readonly name: string = 'FrameError';
  readonly code = 'ERR_FRAME_INVALID';
  /** What is wrong with the bytes. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`invalid frame: ${reason}`, options);
    this.reason = reason;
  }
}
