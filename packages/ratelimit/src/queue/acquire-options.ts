import {
  type AcquireOptions,
  type MisnamedOptions,
  numberOption,
  objectOption,
  refuseMisnamed,
} from '@x/interfaces';

/** How long a caller waits, and before whom. */
export interface PriorityAcquireOptions extends AcquireOptions {
  /**
   * Callers with a higher priority are served before those with a lower one, however long these
   * wait. Any finite number. @defaultValue 0
   */
  readonly priority?: number | undefined;
}

const misnamedOptions: MisnamedOptions & Readonly<Record<'timeout', string>> = {
  timeout: 'timeoutMs, in milliseconds',
};

/** The longest wait that a caller allows, in milliseconds. */
export function timeoutOption(options: AcquireOptions): number {
  objectOption('options', options, '{ timeoutMs }');
  // Every wait comes by here, and a loop over the names takes longer.
  const { timeout } = options as Partial<typeof misnamedOptions>;
  if (timeout !== undefined) refuseMisnamed(options, misnamedOptions);
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
