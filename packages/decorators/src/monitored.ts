import { textOption, type Meter, type TimerChild } from '@x/interfaces';
import { createDecoration } from './decoration.ts';
import type { AnyFunction, Resource } from './function-types.ts';
import { bareName, createMemberNamer } from './member.ts';
import { checkResource, resolveResource } from './resource.ts';

/** How a function is measured. */
export interface MonitoredOptions {
  /** Label values that every call carries; they need a `name`. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A decoration that fits any function and keeps its type. */
export interface AnyDecoration {
  // The second parameter keeps compilers from taking this form for a decorator with one parameter.
  <F extends AnyFunction>(fn: F, notDecorator?: undefined): F;
  <F extends AnyFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <T>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
  <T>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

function timerOf(meter: Meter, name: string, labels: Readonly<Record<string, string>>): TimerChild {
  return meter.timer<readonly string[]>(name, { labelNames: Object.keys(labels) }).labels(labels);
}

/**
 * Measures how long a function takes, apart for success and failure: as a wrapper,
 * `monitored(registry)(fn)`, or as a decorator, `@monitored(registry)`. Synchronous functions stay
 * synchronous.
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
  checkResource<Meter>('monitored', meter, 'timer');
  textOption('name', name, '-');
  if (name === undefined && options.labels !== undefined) {
    throw new TypeError('labels needs a name: function_duration has the label function only');
  }
  const labels = { ...options.labels };

  const decoration = createDecoration('monitored', 'methods and getters', (fn, member, wrapper) => {
    if (name === undefined && !member.isMethod && member.key === '') {
      throw new TypeError('monitored needs a name: the function has no name of its own');
    }
    const nameOf = createMemberNamer(member, wrapper);
    const timers = new WeakMap<Meter, Map<string, TimerChild>>();

    const timerFor = (found: Meter, self: unknown): TimerChild => {
      const label = name ?? nameOf(self) ?? bareName(member);
      let ofMeter = timers.get(found);
      if (ofMeter === undefined) timers.set(found, (ofMeter = new Map()));
      let timer = ofMeter.get(label);
      if (timer === undefined) {
        timer =
          name === undefined
            ? timerOf(found, 'function_duration', { function: label })
            : timerOf(found, name, labels);
        ofMeter.set(label, timer);
      }
      return timer;
    };
    if (name !== undefined && typeof meter !== 'function') timerFor(meter, undefined);

    return function (this: unknown, ...args: unknown[]): unknown {
      const found = resolveResource<Meter>('monitored', meter, 'timer', this);
      return timerFor(found, this).time(() => fn.apply(this, args));
    };
  });
  return decoration as AnyDecoration;
}
