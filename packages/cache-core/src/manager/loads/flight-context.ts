import { type CacheSetOptions, checkTags, type Entry, type LoaderContext } from '@x/interfaces';
import { checkSetOptions, checkTtl } from '../../call-options.ts';
import { LazySignal } from './lazy-signal.ts';
import { checkWindows } from './load-policy.ts';

const noWindows = { staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

/** What a loader is given. */
export class FlightContext implements LoaderContext {
  readonly key: string;
  previous: Entry | undefined;
  /** How the loader wants the result to be kept. */
  kept: CacheSetOptions | undefined;
  readonly #signal = new LazySignal();

  constructor(key: string) {
    this.key = key;
  }

  get signal(): AbortSignal {
    return this.#signal.get();
  }

  // A field, so that a loader may take it out of the context.
  readonly keep = (options: CacheSetOptions): void => {
    checkSetOptions(options);
    checkTtl(options.ttlMs, 0);
    checkTags(options.tags);
    checkWindows(options, noWindows);
    this.kept = options;
  };

  abort(reason: unknown): void {
    this.#signal.abort(reason);
  }
}
