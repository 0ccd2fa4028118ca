import {
  type AcquireOptions,
  checkOptionNames,
  numberOption,
  objectOption,
  type OptionNames,
  type RateLimiter,
} from '@x/interfaces';
import type { AsyncDecoration, LimitedResult } from './decoration/async-decoration.ts';
import { callerSignal } from './call/caller-signal.ts';
import { refuseBareUse } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyFunction, Resource } from './wrapper/function-types.ts';
import { createResourceFinder } from './wrapper/resource.ts';
import { generatorKind } from './wrapper/wrapper.ts';

/** What a call takes from the limiter. */
export interface RateLimitedOptions {
  /** Permits per call; a whole number of at least 1. @defaultValue 1 */
  readonly permits?: number | undefined;
  /** The longest wait for them, in milliseconds. @defaultValue `Infinity` */
  readonly timeoutMs?: number | undefined;
}

const ofLimiter =
  'permitsPerSecond of the limiter: rateLimited(new TokenBucket({ permitsPerSecond }))';

const optionNames: OptionNames<RateLimitedOptions> = {
  known: { permits: true, timeoutMs: true },
  misnamed: {
    timeout: 'timeoutMs',
    tokens: 'permits',
    weight: 'permits',
    permitsPerSecond: ofLimiter,
    tokensPerInterval: ofLimiter,
    interval: ofLimiter,
    points: ofLimiter,
    duration: ofLimiter,
    minTime: ofLimiter,
  },
};

type Acquire = (self: unknown, args: readonly unknown[]) => Promise<void>;

function limitCalls(fn: AnyFunction, acquire: Acquire): AnyFunction {
  return async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    await acquire(this, args);
    return await fn.apply(this, args);
  };
}

function limitGenerator(fn: AnyFunction, acquire: Acquire): AnyFunction {
  return async function* (this: unknown, ...args: unknown[]): AsyncGenerator {
    await acquire(this, args);
    return yield* fn.apply(this, args) as AsyncGenerator;
  };
}

/**
 * Makes an asynchronous function wait for permits before it runs: as a wrapper,
 * `rateLimited(limiter)(fn)`, or as a decorator, `@rateLimited(limiter)`. All instances share the
 * limiter. A call whose permits cannot come in time rejects with `ERR_RATE_LIMIT_TIMEOUT` and does
 * not run. The wait ends, with its reason, when a signal aborts that is the last argument or its
 * property `signal`. An asynchronous generator waits before its first item.
 *
 * @param limiter - a rate limiter, or how to find it on the instance: `(self) => self.limiter`
 * @throws TypeError or RangeError for wrong options
 */
export function rateLimited(
  limiter: Resource<RateLimiter>,
  options: RateLimitedOptions = {},
): AsyncDecoration<LimitedResult> {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('rateLimited', arguments);
  const find = createResourceFinder<RateLimiter>('rateLimited', limiter, 'availablePermits');
  objectOption('options', options, '{ permits }');
  checkOptionNames(options, optionNames);
  const permits = numberOption('permits', options.permits, 1, { min: 1, integer: true });
  const timeoutMs = numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
  const withTimeout: AcquireOptions | undefined =
    timeoutMs === Infinity ? undefined : { timeoutMs };

  const acquire: Acquire = (self, args) => {
    const signal = callerSignal(args);
    return find(self).acquire(permits, signal === undefined ? withTimeout : { timeoutMs, signal });
  };
  const decoration = createDecoration([
    {
      policy: 'rateLimited',
      resource: limiter,
      options,
      places: { generators: 'asynchronous' },
      wrap: (fn) =>
        generatorKind(fn) === 'asynchronous'
          ? limitGenerator(fn, acquire)
          : limitCalls(fn, acquire),
    },
  ]);
  return decoration as unknown as AsyncDecoration<LimitedResult>;
}
