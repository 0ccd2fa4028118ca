import {
  checkOptionNames,
  type Clock,
  clockOption,
  functionOption,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import type { AsyncDecoration } from './decoration/async-decoration.ts';
import { CallTimeoutError } from './call-timeout-error.ts';
import { asPromise } from './call/as-promise.ts';
import { callerSignal } from './call/caller-signal.ts';
import { Deadline, Deadlines } from './call/deadlines.ts';
import { refuseBareUse, refuseFunction, refuseSecond } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyArguments, AnyFunction } from './wrapper/function-types.ts';

/** How long a function may take. */
export interface TimeLimitedOptions {
  /** Milliseconds after which a call is rejected; above 0. `Infinity` for no limit. */
  readonly timeoutMs: number;
  /**
   * Puts a signal among the arguments, `([id], signal) => [id, { signal }]`, so that the function can
   * stop. It aborts when the time is over, and when the caller's own does, which is the last argument
   * or its property `signal`. @defaultValue the function is handed no signal, and none is made
   */
  readonly withSignal?: ((args: AnyArguments, signal: AbortSignal) => AnyArguments) | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const optionNames: OptionNames<TimeLimitedOptions> = {
  known: { timeoutMs: true, withSignal: true, clock: true },
  misnamed: {
    timeout: 'timeoutMs',
    milliseconds: 'timeoutMs',
    ms: 'timeoutMs',
  },
};

class LimitedCall extends Deadline {
  readonly #deadlines: Deadlines;
  readonly #fn: AnyFunction;
  readonly #timeoutMs: number;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (reason: unknown) => void;
  #isOver = false;
  /** Made only for a function that takes a signal. */
  #controller: AbortController | undefined;
  #unfollow: (() => void) | undefined;

  constructor(
    deadlines: Deadlines,
    fn: AnyFunction,
    timeoutMs: number,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#deadlines = deadlines;
    this.#fn = fn;
    this.#timeoutMs = timeoutMs;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  run(self: unknown, args: AnyArguments, withSignal: TimeLimitedOptions['withSignal']): void {
    this.#deadlines.start(this);
    try {
      const given = withSignal === undefined ? args : withSignal(args, this.#signalFor(args));
      asPromise(this.#fn.apply(self, given)).then(
        (value: unknown) => this.#succeed(value),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  onTimeout(): void {
    const error = new CallTimeoutError(this.#fn.name, this.#timeoutMs);
    this.#end();
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #succeed(value: unknown): void {
    if (this.#isOver) return;
    this.#deadlines.stop(this);
    this.#end();
    this.#resolve(value);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#deadlines.stop(this);
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.#isOver = true;
    this.#unfollow?.();
  }

  #signalFor(args: AnyArguments): AbortSignal {
    const controller = (this.#controller = new AbortController());
    const caller = callerSignal(args);
    if (caller?.aborted) controller.abort(caller.reason);
    else if (caller !== undefined) {
      const onAbort = (): void => controller.abort(caller.reason);
      caller.addEventListener('abort', onAbort, { once: true });
      this.#unfollow = () => caller.removeEventListener('abort', onAbort);
    }
    return controller.signal;
  }
}

/**
 * Rejects calls of an asynchronous function that take too long, with `ERR_CALL_TIMEOUT`: as a wrapper,
 * `timeLimited({ timeoutMs })(fn)`, or as a decorator, `@timeLimited({ timeoutMs })`. The function
 * itself goes on unless it heeds a signal, see `withSignal`; what it answers late is dropped. Calls
 * under way share one timer, which keeps the process alive while there are any.
 *
 * @throws TypeError or RangeError for wrong options
 */
export function timeLimited(options: TimeLimitedOptions): AsyncDecoration {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('timeLimited', arguments);
  // oxlint-disable-next-line eslint/prefer-rest-params -- see above
  refuseSecond('timeLimited', arguments);
  refuseFunction('timeLimited', options);
  objectOption('options', options, '{ timeoutMs }');
  checkOptionNames(options, optionNames);
  const withSignal = functionOption('withSignal', options.withSignal);
  const timeoutMs = numberOption('timeoutMs', options.timeoutMs, undefined, { above: 0 });
  const deadlines = new Deadlines(clockOption(options.clock), timeoutMs);
  const decoration = createDecoration([
    {
      policy: 'timeLimited',
      resource: undefined,
      options,
      places: {},
      wrap: (fn) =>
        function (this: unknown, ...args: unknown[]): Promise<unknown> {
          return new Promise((resolve, reject) => {
            new LimitedCall(deadlines, fn, timeoutMs, resolve, reject).run(this, args, withSignal);
          });
        },
    },
  ]);
  return decoration as unknown as AsyncDecoration;
}
