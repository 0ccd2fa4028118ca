import { type AcquireOptions, numberOption, type OptionNames } from '@x/interfaces';

/** How long a caller waits, and before whom. */
export interface PriorityAcquireOptions extends AcquireOptions {
  /**
   * Callers with a higher priority are served before those with a lower one, however long these
   * wait. Any finite number. @defaultValue 0
   */
  readonly priority?: number | undefined;
}

export const acquireOptionNames: OptionNames<PriorityAcquireOptions> = {
  known: { timeoutMs: true, signal: true, priority: true },
  misnamed: { timeout: 'timeoutMs, in milliseconds' },
};

/** The longest wait that a caller allows, in milliseconds. */
export function timeoutOption(options: AcquireOptions): number {
  return numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
}

/** The priority of a caller. */
export function priorityOption(options: PriorityAcquireOptions): number {
  const { priority } = options;
  if (priority === undefined) return 0;
  return numberOption('priority', priority, 0, {
    min: -Number.MAX_VALUE,
    max: Number.MAX_VALUE,
  });
}
