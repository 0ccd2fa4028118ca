import { type AcquireOptions, numberOption } from '@x/interfaces';

/** The longest wait that a caller allows, in milliseconds. */
export function timeoutOption(options: AcquireOptions | undefined): number {
  if (options === undefined) return Infinity;
  return numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
}
