import { numberOption, type ConcurrencyLimiter } from '@x/interfaces';
import type { AsyncDecoration } from './async-decoration.ts';
import { createDecoration } from './decoration.ts';
import type { Resource } from './function-types.ts';
import { checkResource, resolveResource } from './resource.ts';

/** How a call waits for its turn. */
export interface ConcurrencyLimitedOptions {
  /** The longest wait, in milliseconds. @defaultValue `Infinity` */
  readonly timeoutMs?: number | undefined;
}

/**
 * Bounds how many calls of an asynchronous function run at the same time: as a wrapper,
 * `concurrencyLimited(semaphore)(fn)`, or as a decorator, `@concurrencyLimited(semaphore)`. All
 * instances share the limiter. A call that waits longer than `timeoutMs` rejects with
 * `ERR_CONCURRENCY_TIMEOUT` and does not run.
 *
 * @param limiter - a concurrency limiter, or how to find it on the instance
 * @throws TypeError or RangeError for wrong options
 */
export function concurrencyLimited(
  limiter: Resource<ConcurrencyLimiter>,
  options: ConcurrencyLimitedOptions = {},
): AsyncDecoration {
  checkResource<ConcurrencyLimiter>('concurrencyLimited', limiter, 'run');
  const timeoutMs = numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
  const acquireOptions = { timeoutMs };

  const decoration = createDecoration('concurrencyLimited', 'methods', (fn) => {
    return async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const found = resolveResource<ConcurrencyLimiter>('concurrencyLimited', limiter, 'run', this);
      return found.run(() => fn.apply(this, args), acquireOptions);
    };
  });
  return decoration as AsyncDecoration;
}
