import { describeValue } from '../option-checks.ts';
import { describeError } from '../describe-error.ts';
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
    super(
      `${option} ${describeValue(value)} cannot be used: ${describeError(options.cause)}`,
      options,
    );
    this.option = option;
    this.value = value;
  }
}
