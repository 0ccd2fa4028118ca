import { ToolkitError } from '@x/interfaces';

/** A part was used that the configuration switched off. */
export class PartDisabledError extends ToolkitError<'ERR_PART_DISABLED'> {
  override readonly name: string = 'PartDisabledError';
  readonly code = 'ERR_PART_DISABLED';
  /** The part, as it is called in the configuration. */
  readonly part: string;

  constructor(part: string) {
    super(`${part} is switched off by the configuration (${part}: false)`);
    this.part = part;
  }
}
