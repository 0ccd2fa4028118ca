import { ToolkitError } from '@x/interfaces';

/** A value would take more bytes than `maxEntryBytes` allows. */
export class EntryTooLargeError extends ToolkitError<'ERR_ENTRY_TOO_LARGE'> {
  override readonly name: string = 'EntryTooLargeError';
  readonly code = 'ERR_ENTRY_TOO_LARGE';
  /** The limit that was passed, in bytes. */
  readonly maxEntryBytes: number;

  constructor(maxEntryBytes: number, options?: ErrorOptions) {
    super(`value takes more than ${maxEntryBytes} bytes, the limit by maxEntryBytes`, options);
    this.maxEntryBytes = maxEntryBytes;
  }
}
