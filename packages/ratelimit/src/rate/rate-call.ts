import { checkOptionNames, objectOption, type OptionNames } from '@x/interfaces';
import {
  acquireOptionNames,
  hasOnlyUsual,
  misnamedPermits,
  type PriorityAcquireOptions,
} from '../queue/acquire-options.ts';

const before = 'the argument before the options';

const optionNames: OptionNames<PriorityAcquireOptions> = {
  known: acquireOptionNames.known,
  // The permits of a semaphore are an option.
  misnamed: { ...acquireOptionNames.misnamed, ...misnamedPermits(before), permits: before },
};

/** @throws TypeError when `options` is no object, or has an option that there is not */
export function checkRateCall(options: PriorityAcquireOptions): void {
  objectOption('options', options, '{ timeoutMs }');
  if (!hasOnlyUsual(options)) checkOptionNames(options, optionNames);
}
