import { describeError } from '../describe-error.ts';
import { ToolkitError } from './toolkit-error.ts';

/** A change did not reach the disk; what was there before is still there. */
export class StoreWriteError extends ToolkitError<'ERR_STORE_WRITE'> {
  override readonly name: string = 'StoreWriteError';
  readonly code = 'ERR_STORE_WRITE';
  /** The name of the store. */
  readonly store: string;

  constructor(store: string, options: { readonly cause: unknown }) {
    super(`store "${store}" could not write: ${describeError(options.cause)}`, options);
    this.store = store;
  }
}
