import { checkOptionNames, objectOption, type OptionNames } from '@x/interfaces';
import { acquireOptionNames, type PriorityAcquireOptions } from '../queue/acquire-options.ts';

const optionNames: OptionNames<PriorityAcquireOptions> = {
  known: acquireOptionNames.known,
  // The permits of a semaphore are an option.
  misnamed: { ...acquireOptionNames.misnamed, permits: 'the argument before the options' },
};

/**
 * Refuses the options of a call that may be granted at once where they are none: of their names only
 * as much as takes no time beside the grant.
 *
 * @throws TypeError when `options` is no object, or has an option of others, or none of those that there are
 */
export function checkRateCall(options: PriorityAcquireOptions): void {
  objectOption('options', options, '{ timeoutMs }');
  const { timeoutMs, signal, priority, timeout, permits } = options as PriorityAcquireOptions & {
    readonly timeout?: unknown;
    readonly permits?: unknown;
  };
  const isUsual = timeoutMs !== undefined || signal !== undefined || priority !== undefined;
  if (!isUsual || timeout !== undefined || permits !== undefined) checkRateNames(options);
}

/**
 * Refuses misspelt and misnamed options of a call that has to wait.
 *
 * @throws TypeError as `checkOptionNames` does
 */
export function checkRateNames(options: PriorityAcquireOptions): void {
  checkOptionNames(options, optionNames);
}
