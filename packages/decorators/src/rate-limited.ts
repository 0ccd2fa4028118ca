import { numberOption, type RateLimiter } from '@x/interfaces';
import type { AsyncDecoration } from './async-decoration.ts';
import { createDecoration } from './decoration.ts';
import type { Resource } from './function-types.ts';
import { checkResource, resolveResource } from './resource.ts';

/** What a call takes from the limiter. */
export interface RateLimitedOptions {
  /** Permits per call; a whole number of at least 1. @defaultValue 1 */
  readonly permits?: number | undefined;
  /** The longest wait for them, in milliseconds. @defaultValue `Infinity` */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes an asynchronous function wait for permits before it runs: as a wrapper,
 * `rateLimited(limiter)(fn)`, or as a decorator, `@rateLimited(limiter)`. All instances share the
 * limiter. A call whose permits cannot come in time rejects with `ERR_RATE_LIMIT_TIMEOUT` and does
 * not run.
 *
 * @param limiter - a rate limiter, or how to find it on the instance: `(self) => self.limiter`
 * @throws TypeError or RangeError for wrong options
 */
export function rateLimited(
  limiter: Resource<RateLimiter>,
  options: RateLimitedOptions = {},
): AsyncDecoration {
  checkResource<RateLimiter>('rateLimited', limiter, 'acquire');
  const permits = numberOption('permits', options.permits, 1, { min: 1, integer: true });
  const timeoutMs = numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
  const acquireOptions = { timeoutMs };

  const decoration = createDecoration('rateLimited', 'methods', (fn) => {
    return async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const found = resolveResource<RateLimiter>('rateLimited', limiter, 'acquire', this);
      await found.acquire(permits, acquireOptions);
      return fn.apply(this, args);
    };
  });
  return decoration as AsyncDecoration;
}
