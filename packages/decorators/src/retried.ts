import {
  checkOptionNames,
  type Clock,
  objectOption,
  type OptionNames,
  type RetryBudget,
} from '@x/interfaces';
import { asPromise } from './call/as-promise.ts';
import type { AsyncDecoration } from './decoration/async-decoration.ts';
import { callerSignal } from './call/caller-signal.ts';
import { refuseBareUse, refuseFunction, refuseSecond } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyFunction, Resource } from './wrapper/function-types.ts';
import { createResourceFinder } from './wrapper/resource.ts';
import { retryOptionNames, RetryPolicy, type RetryPolicyOptions } from './call/retry-policy.ts';

/** How calls that failed are tried again. */
export interface RetriedOptions extends RetryPolicyOptions {
  /**
   * A retry budget that bounds retries to a share of all calls, or how to find it on the instance.
   * When it is spent the failure is answered. @defaultValue none
   */
  readonly budget?: Resource<RetryBudget> | undefined;
}

const optionNames: OptionNames<RetriedOptions> = {
  ...retryOptionNames,
  known: { ...retryOptionNames.known, budget: true },
};

/** Waits `delayMs`, or rejects with the signal's reason as soon as it aborts. */
function pause(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    };
    const timer = clock.schedule(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A call to be made again. */
interface Call {
  readonly fn: AnyFunction;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

function callWithOne(fn: AnyFunction, self: unknown, only: unknown): Promise<unknown> {
  try {
    return asPromise(fn.call(self, only));
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Tries calls of an asynchronous function again when they fail: as a wrapper, `retried()(fn)`, or as a
 * decorator, `@retried()`. The pauses grow exponentially, with jitter (Brooker, "Exponential Backoff
 * and Jitter", AWS Architecture Blog, 2015), and are at least the `retryAfterMs` that an error asks
 * for. The last failure is thrown as it is. When a signal aborts that is the last argument or its
 * property `signal`, a pause ends at once with its reason, and no other attempt is made.
 *
 * @throws TypeError or RangeError for wrong options
 */
export function retried(options: RetriedOptions = {}): AsyncDecoration {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('retried', arguments);
  // oxlint-disable-next-line eslint/prefer-rest-params -- see above
  refuseSecond('retried', arguments);
  refuseFunction('retried', options);
  objectOption('options', options, '{ maxRetries }');
  checkOptionNames(options, optionNames);
  const policy = new RetryPolicy(options);
  const { budget } = options;
  const find =
    budget === undefined
      ? undefined
      : createResourceFinder<RetryBudget>('retried', budget, 'tryWithdraw');

  const retry = async (
    failure: unknown,
    call: Call,
    spend: RetryBudget | undefined,
  ): Promise<unknown> => {
    const signal = callerSignal(call.args);
    let error = failure;
    for (let retries = 0; ; retries++) {
      const delayMs = signal?.aborted ? undefined : policy.pauseMs(error, retries);
      // What the function threw, whatever it is.
      // oxlint-disable-next-line typescript/only-throw-error
      if (delayMs === undefined || spend?.tryWithdraw() === false) throw error;
      await pause(policy.clock, delayMs, signal);
      try {
        return await call.fn.apply(call.self, [...call.args]);
      } catch (next) {
        error = next;
      }
    }
  };

  const wrap = (fn: AnyFunction): AnyFunction => {
    const callWithAll = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const spend = find?.(this);
      spend?.deposit();
      try {
        return await fn.apply(this, args);
      } catch (error) {
        return await retry(error, { fn, self: this, args }, spend);
      }
    };
    if (find !== undefined) return callWithAll;
    // Most calls have one argument. To keep it in an array for a failure that seldom comes, and to make
    // another asynchronous function, would take longer than the call itself.
    return function (this: unknown, only: unknown): Promise<unknown> {
      // oxlint-disable-next-line eslint/prefer-rest-params -- not an array until there are more
      if (arguments.length !== 1) return Reflect.apply(callWithAll, this, arguments);
      return callWithOne(fn, this, only).then(undefined, (error: unknown) =>
        retry(error, { fn, self: this, args: [only] }, undefined),
      );
    };
  };
  const decoration = createDecoration([
    { policy: 'retried', resource: budget, options, places: {}, wrap },
  ]);
  return decoration as unknown as AsyncDecoration;
}
