import { describeError } from '../describe-error.ts';
import { ToolkitError } from './toolkit-error.ts';

/** The disk could not be read for a reason other than damage, such as missing rights. */
export class StoreReadError extends ToolkitError<'ERR_STORE_READ'> {
  override readonly name: string = 'StoreReadError';
  readonly code = 'ERR_STORE_READ';
  /** The name of the store. */
  readonly store: string;

  constructor(store: string, options: { readonly cause: unknown }) {
    super(`store "${store}" could not read: ${describeError(options.cause)}`, options);
    this.store = store;
  }
}
