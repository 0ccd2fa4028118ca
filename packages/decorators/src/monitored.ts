import { textOption, type Meter, type TimerChild } from '@x/interfaces';
import { createDecoration } from './decoration.ts';
import type { AnyFunction, Resource } from './function-types.ts';
import { qualifiedName } from './member.ts';
import { checkResource, resolveResource } from './resource.ts';

/** How a function is measured. */
export interface MonitoredOptions {
  /** Label values that every call carries. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A decoration that fits any function and keeps its type. */
export interface AnyDecoration {
  <F extends AnyFunction>(fn: F): F;
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

/**
 * Measures how long a function takes, apart for success and failure: as a wrapper,
 * `monitored(registry)(fn)`, or as a decorator, `@monitored(registry)`. Synchronous functions stay
 * synchronous.
 *
 * @param meter - a registry or other meter, or how to find it on the instance
 * @param name - name of the timer; without one all such functions share the timer
 * `function_duration`, told apart by its label `function`
 * @throws TypeError for wrong options
 */
export function monitored(
  meter: Resource<Meter>,
  name?: string,
  options: MonitoredOptions = {},
): AnyDecoration {
  checkResource<Meter>('monitored', meter, 'timer');
  const timerName = textOption('name', name, 'function_duration');

  const decoration = createDecoration('monitored', (fn, member, wrapper) => {
    const timers = new WeakMap<Meter, TimerChild>();

    const timerFor = (self: unknown): TimerChild => {
      const found = resolveResource<Meter>('monitored', meter, 'timer', self);
      let timer = timers.get(found);
      if (timer === undefined) {
        const labels =
          name === undefined
            ? { function: qualifiedName(self, member, wrapper()), ...options.labels }
            : { ...options.labels };
        timer = found
          .timer<readonly string[]>(timerName, { labelNames: Object.keys(labels) })
          .labels(labels);
        timers.set(found, timer);
      }
      return timer;
    };

    return function (this: unknown, ...args: unknown[]): unknown {
      return timerFor(this).time(() => fn.apply(this, args));
    };
  });
  return decoration as AnyDecoration;
}
