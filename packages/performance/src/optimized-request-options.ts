import {
  checkOptionNames,
  numberOption,
  objectOption,
  type OptionNames,
  signalOption,
} from '@x/interfaces';

/** What one `optimizedRequest` of a `PerformanceOptimizer` may use. */
export interface OptimizedRequestOptions {
  /** Permits that each attempt takes from the rate limiter; 0 for none. @defaultValue 1 */
  readonly permits?: number | undefined;
  /** The longest time for one HTTP request with all its waits and retries, in ms. @defaultValue the pool's */
  readonly timeoutMs?: number | undefined;
  /**
   * Ends the HTTP requests wherever they are, waits for permits and for a connection included; they reject
   * with `signal.reason`. A signal that one of them brings itself ends it, too.
   */
  readonly signal?: AbortSignal | undefined;
}

const ofRequest = (name: string): string =>
  `one of the request itself: (http) => http.get(url, { ${name} })`;
const ofCached = (name: string): string => `one of cached(optimizer.cache, { ${name} })`;

const optionNames: OptionNames<OptimizedRequestOptions> = {
  known: { permits: true, timeoutMs: true, signal: true },
  get misnamed() {
    return {
      timeout: 'timeoutMs',
      totalTimeoutMs: 'timeoutMs',
      tokens: 'permits',
      weight: 'permits',
      cost: 'permits',
      headers: ofRequest('headers'),
      query: ofRequest('query'),
      method: ofRequest('method'),
      json: ofRequest('json'),
      maxRetries: ofRequest('maxRetries'),
      retries: ofRequest('maxRetries'),
      key: ofCached('key'),
      ttl: ofCached('ttlMs'),
      ttlMs: ofCached('ttlMs'),
      tags: ofCached('tags'),
    };
  },
};

/** @throws TypeError or RangeError when they are wrong */
export function checkRequestOptions(options: OptimizedRequestOptions): void {
  objectOption('options', options, '{ timeoutMs }');
  checkOptionNames(options, optionNames);
  numberOption('permits', options.permits, 1, { min: 0, integer: true });
  numberOption('timeoutMs', options.timeoutMs, Infinity, { above: 0 });
  signalOption(options.signal);
}
