import {
  type AcquireOptions,
  checkOptionNames,
  type ConcurrencyLimiter,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import type { AsyncDecoration, LimitedResult } from './decoration/async-decoration.ts';
import { callerSignal } from './call/caller-signal.ts';
import { refuseBareUse } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyFunction, Resource } from './wrapper/function-types.ts';
import { createResourceFinder, type ResourceFinder } from './wrapper/resource.ts';
import { generatorKind } from './wrapper/wrapper.ts';

/** How a call waits for its turn. */
export interface ConcurrencyLimitedOptions {
  /** The longest wait, in milliseconds. @defaultValue `Infinity` */
  readonly timeoutMs?: number | undefined;
}

const ofLimiter = 'permits of the limiter: concurrencyLimited(new Semaphore({ permits }))';

const optionNames: OptionNames<ConcurrencyLimitedOptions> = {
  known: { timeoutMs: true },
  misnamed: {
    timeout: 'timeoutMs',
    permits: ofLimiter,
    concurrency: ofLimiter,
    maxConcurrent: ofLimiter,
    limit: ofLimiter,
  },
};

type Find = ResourceFinder<ConcurrencyLimiter>;
type OptionsOf = (args: readonly unknown[]) => AcquireOptions | undefined;

function limitCalls(fn: AnyFunction, find: Find, optionsOf: OptionsOf): AnyFunction {
  return function (this: unknown, ...args: unknown[]): Promise<unknown> {
    try {
      return find(this).run(() => fn.apply(this, args), optionsOf(args));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function limitGenerator(fn: AnyFunction, find: Find, optionsOf: OptionsOf): AnyFunction {
  return async function* (this: unknown, ...args: unknown[]): AsyncGenerator {
    const permit = await find(this).acquire(optionsOf(args));
    try {
      return yield* fn.apply(this, args) as AsyncGenerator;
    } finally {
      permit.release();
    }
  };
}

/**
 * Bounds how many calls of an asynchronous function run at the same time: as a wrapper,
 * `concurrencyLimited(semaphore)(fn)`, or as a decorator, `@concurrencyLimited(semaphore)`. All
 * instances share the limiter. A call that waits longer than `timeoutMs` rejects with
 * `ERR_CONCURRENCY_TIMEOUT` and does not run. The wait ends, with its reason, when a signal aborts
 * that is the last argument or its property `signal`. An asynchronous generator holds its permit from
 * its first item to its end.
 *
 * @param limiter - a concurrency limiter, or how to find it on the instance
 * @throws TypeError or RangeError for wrong options
 */
export function concurrencyLimited(
  limiter: Resource<ConcurrencyLimiter>,
  options: ConcurrencyLimitedOptions = {},
): AsyncDecoration<LimitedResult> {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('concurrencyLimited', arguments);
  const find = createResourceFinder<ConcurrencyLimiter>('concurrencyLimited', limiter, 'run');
  objectOption('options', options, '{ timeoutMs }');
  checkOptionNames(options, optionNames);
  const timeoutMs = numberOption('timeoutMs', options.timeoutMs, Infinity, { min: 0 });
  const withTimeout: AcquireOptions | undefined =
    timeoutMs === Infinity ? undefined : { timeoutMs };

  const optionsOf: OptionsOf = (args) => {
    const signal = callerSignal(args);
    return signal === undefined ? withTimeout : { timeoutMs, signal };
  };
  const decoration = createDecoration([
    {
      policy: 'concurrencyLimited',
      resource: limiter,
      options,
      places: { generators: 'asynchronous' },
      wrap: (fn) =>
        generatorKind(fn) === 'asynchronous'
          ? limitGenerator(fn, find, optionsOf)
          : limitCalls(fn, find, optionsOf),
    },
  ]);
  return decoration as unknown as AsyncDecoration<LimitedResult>;
}
