import { PoolError } from './pool-error.ts';

/** A redirect could not be followed. */
export class RedirectError extends PoolError<'ERR_POOL_REDIRECT'> {
  override readonly name: string = 'RedirectError';
  readonly code = 'ERR_POOL_REDIRECT';
}
