import { ToolkitError } from '@x/interfaces';

/** A load took longer than the `hardTimeoutMs` of a caller; it goes on, and its result is kept. */
export class CacheLoadTimeoutError extends ToolkitError<'ERR_CACHE_LOAD_TIMEOUT'> {
  override readonly name: string = 'CacheLoadTimeoutError';
  readonly code = 'ERR_CACHE_LOAD_TIMEOUT';
  /** The key, as the caller wrote it. */
  readonly key: string;
  readonly timeoutMs: number;

  constructor(key: string, timeoutMs: number) {
    super(`the load of ${JSON.stringify(key)} took longer than ${timeoutMs} ms`);
    this.key = key;
    this.timeoutMs = timeoutMs;
  }
}
