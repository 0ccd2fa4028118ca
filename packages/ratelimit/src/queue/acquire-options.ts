import {
  type AcquireOptions,
  describeValue,
  type MisnamedOptions,
  numberOption,
  type OptionNames,
} from '@x/interfaces';

/** How long a caller waits, and before whom. */
export interface PriorityAcquireOptions extends AcquireOptions {
  /**
   * Callers with a higher priority are served before those with a lower one, however long these
   * wait. Any finite number. @defaultValue 0
   */
  readonly priority?: number | undefined;
}

const inMs = 'timeoutMs, in milliseconds';

export const acquireOptionNames: OptionNames<PriorityAcquireOptions> = {
  known: { timeoutMs: true, signal: true, priority: true },
  misnamed: {
    timeout: inMs,
    maxWait: inMs,
    maxWaitMs: inMs,
    wait: inMs,
    acquireTimeout: inMs,
    acquireTimeoutMs: inMs,
    deadline: 'timeoutMs, in milliseconds from now on',
    abort: 'signal, such as that of an AbortController',
    controller: 'signal, such as that of an AbortController',
    abortController: 'signal, such as that of an AbortController',
    key: 'the first argument, of a limiter that is keyed',
  },
};

const duration = { min: 0 };

/**
 * Whether `options` have some of the usual names and no others, which need no more checks. Calls that are
 * granted at once come by here, and to look each name up takes longer.
 */
export function hasOnlyUsual(options: object): boolean {
  let hasAny = false;
  for (const name in options) {
    if (name !== 'timeoutMs' && name !== 'signal' && name !== 'priority') return false;
    hasAny = true;
  }
  return hasAny;
}

/** The longest wait that a caller allows, in milliseconds. */
export function timeoutOption(options: AcquireOptions): number {
  return numberOption('timeoutMs', options.timeoutMs, Infinity, duration);
}

/** How many permits are asked for, under the names of others. */
export function misnamedPermits(here: string): MisnamedOptions {
  return { weight: here, count: here, tokens: here, cost: here, points: here };
}

/**
 * The priority of a caller.
 *
 * @throws TypeError when it is no number, RangeError when it is not finite
 */
export function priorityOption(options: PriorityAcquireOptions): number {
  const { priority } = options;
  if (priority === undefined) return 0;
  if (Number.isFinite(priority)) return priority;
  const expected = 'priority must be a finite number, and higher ones go first';
  if (typeof priority === 'number') throw new RangeError(`${expected}, got ${priority}`);
  throw new TypeError(`${expected}, got ${describeValue(priority)}`);
}
