import { describeError } from './describe-error.ts';
import { describeValue } from './option-checks.ts';
import { ToolkitError } from './toolkit-error.ts';

/** A store could not be opened where an option says. */
export class StoreOpenError extends ToolkitError<'ERR_STORE_OPEN'> {
  override readonly name: string = 'StoreOpenError';
  readonly code = 'ERR_STORE_OPEN';
  /** The option that cannot be met. */
  readonly option: string;
  /** Its value, as it was given. */
  readonly value: string;

  constructor(option: string, value: string, options: { readonly cause: unknown }) {
    super(`${option} ${describeValue(value)} cannot be used: ${reasonOf(options.cause)}`, options);
    this.option = option;
    this.value = value;
  }
}

/** A change did not reach the disk; what was there before is still there. */
export class StoreWriteError extends ToolkitError<'ERR_STORE_WRITE'> {
  override readonly name: string = 'StoreWriteError';
  readonly code = 'ERR_STORE_WRITE';
  /** The name of the store. */
  readonly store: string;

  constructor(store: string, options: { readonly cause: unknown }) {
    super(`store "${store}" could not write: ${reasonOf(options.cause)}`, options);
    this.store = store;
  }
}

/** The disk could not be read for a reason other than damage, such as missing rights. */
export class StoreReadError extends ToolkitError<'ERR_STORE_READ'> {
  override readonly name: string = 'StoreReadError';
  readonly code = 'ERR_STORE_READ';
  /** The name of the store. */
  readonly store: string;

  constructor(store: string, options: { readonly cause: unknown }) {
    super(`store "${store}" could not read: ${reasonOf(options.cause)}`, options);
    this.store = store;
  }
}

function reasonOf(cause: unknown): string {
  return describeError(cause);
}
