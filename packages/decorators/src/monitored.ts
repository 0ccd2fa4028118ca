import {
  checkOptionNames,
  type Meter,
  objectOption,
  type OptionNames,
  textOption,
  type TimerChild,
} from '@x/interfaces';
import type { AnyDecoration } from './decoration/any-decoration.ts';
import { refuseBareUse } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyFunction, Resource } from './wrapper/function-types.ts';
import { bareName, createMemberNamer } from './wrapper/member.ts';
import type { Wrap } from './wrapper/policy.ts';
import { createResourceFinder } from './wrapper/resource.ts';
import { generatorKind } from './wrapper/wrapper.ts';

/** How a function is measured. */
export interface MonitoredOptions {
  /** Label values that every call carries; they need a `name`. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

const optionNames: OptionNames<MonitoredOptions> = {
  known: { labels: true },
  misnamed: { name: 'the argument before the options: monitored(registry, name)' },
};

/** Finds the timer of a call. */
type TimerFinder = (self: unknown) => TimerChild;

function timerOf(
  meter: Meter,
  name: string,
  labels: Readonly<Record<string, string>>,
  help?: string,
): TimerChild {
  const labelNames = Object.keys(labels);
  return meter.timer<readonly string[]>(name, { help, labelNames }).labels(labels);
}

/** The timers of one member: of each meter and name. Nearly always the last one is asked for again. */
class MemberTimers {
  readonly #create: (meter: Meter, label: string) => TimerChild;
  readonly #timers = new WeakMap<Meter, Map<string, TimerChild>>();
  #lastMeter: Meter | undefined;
  #lastLabel: string | undefined;
  #last: TimerChild | undefined;

  constructor(create: (meter: Meter, label: string) => TimerChild) {
    this.#create = create;
  }

  get(meter: Meter, label: string): TimerChild {
    if (this.#last !== undefined && this.#lastMeter === meter && this.#lastLabel === label) {
      return this.#last;
    }
    let ofMeter = this.#timers.get(meter);
    if (ofMeter === undefined) this.#timers.set(meter, (ofMeter = new Map()));
    let timer = ofMeter.get(label);
    if (timer === undefined) ofMeter.set(label, (timer = this.#create(meter, label)));
    this.#lastMeter = meter;
    this.#lastLabel = label;
    return (this.#last = timer);
  }
}

function measureCalls(fn: AnyFunction, timerFor: TimerFinder): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return timerFor(this).time(() => fn.apply(this, args));
  };
}

function measureGenerator(fn: AnyFunction, timerFor: TimerFinder): AnyFunction {
  return function* (this: unknown, ...args: unknown[]): Generator {
    const running = timerFor(this).start();
    try {
      return yield* fn.apply(this, args) as Generator;
    } catch (error) {
      running.stop('failure');
      throw error;
    } finally {
      running.stop();
    }
  };
}

function measureAsyncGenerator(fn: AnyFunction, timerFor: TimerFinder): AnyFunction {
  return async function* (this: unknown, ...args: unknown[]): AsyncGenerator {
    const running = timerFor(this).start();
    try {
      return yield* fn.apply(this, args) as AsyncGenerator;
    } catch (error) {
      running.stop('failure');
      throw error;
    } finally {
      running.stop();
    }
  };
}

function measure(fn: AnyFunction, timerFor: TimerFinder): AnyFunction {
  const kind = generatorKind(fn);
  if (kind === 'asynchronous') return measureAsyncGenerator(fn, timerFor);
  return kind === undefined ? measureCalls(fn, timerFor) : measureGenerator(fn, timerFor);
}

/**
 * Measures how long a function takes, apart for success and failure: as a wrapper,
 * `monitored(registry)(fn)`, or as a decorator, `@monitored(registry)`. Synchronous functions stay
 * synchronous. A generator is measured from its first item to its end, with what its consumer does
 * meanwhile.
 *
 * @param meter - a registry or other meter, or how to find it on the instance
 * @param name - name of the timer; without one all such functions share the timer
 * `function_duration`, told apart by its label `function`: the function's name, `Class.method`, or
 * just the method's name where its class cannot be found
 * @throws TypeError for wrong options, for `labels` without `name`, and without `name` for a function
 * that has none. With `name` and a meter that is not found on the instance, the timer is made when
 * decorating, and so throws there what the meter throws
 */
export function monitored(
  meter: Resource<Meter>,
  name?: string,
  options: MonitoredOptions = {},
): AnyDecoration {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('monitored', arguments);
  const find = createResourceFinder<Meter>('monitored', meter, 'timer');
  objectOption('options', options, '{ labels }');
  checkOptionNames(options, optionNames);
  if (typeof name === 'object' && name !== null) {
    throw new TypeError(
      'name must be a text before the options: monitored(registry, name, { labels })',
    );
  }
  textOption('name', name, '-');
  if (name === undefined && options.labels !== undefined) {
    throw new TypeError('labels needs a name: function_duration has the label function only');
  }
  const labels = { ...options.labels };

  const wrap: Wrap = (fn, member, outermost) => {
    if (name === undefined && !member.isMethod && member.key === '') {
      throw new TypeError('monitored needs a name: the function has no name of its own');
    }
    const nameOf = createMemberNamer(member, outermost);
    const timers = new MemberTimers((found, label) =>
      name === undefined
        ? timerOf(found, 'function_duration', { function: label }, 'How long functions ran.')
        : timerOf(found, name, labels),
    );
    const timerFor: TimerFinder = (self) =>
      timers.get(find(self), name ?? nameOf(self) ?? bareName(member));
    if (name !== undefined && typeof meter !== 'function') timerFor(undefined);

    return measure(fn, timerFor);
  };
  const decoration = createDecoration([
    {
      policy: 'monitored',
      resource: meter,
      options: { name, ...options },
      places: { getters: true, generators: 'all' },
      wrap,
    },
  ]);
  return decoration as unknown as AnyDecoration;
}
