import { type Clock, systemClock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Meter } from './meter.ts';
import { describeValue } from './option-checks.ts';

/**
 * Checks for options that are components themselves. One without its methods would do harm only at
 * its first call, far from the mistake and often in the background.
 */

const clockMethods = ['now', 'monotonic', 'schedule'] as const;
const loggerMethods = ['debug', 'info', 'warn', 'error'] as const;
const meterMethods = ['counter', 'gauge', 'histogram', 'timer'] as const;

function checkMethods<T>(
  name: string,
  value: T,
  methods: readonly (keyof T & string)[],
  such: string,
): T {
  const missing = methods.find((method) => typeof value?.[method] !== 'function');
  if (missing === undefined) return value;
  const list = `${methods.slice(0, -1).join('(), ')}() and ${methods.at(-1)}()`;
  const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
  const came = describeValue(value) + (isObject ? ` without ${missing}()` : '');
  throw new TypeError(`${name} must be ${such} with ${list}, got ${came}`);
}

/**
 * A clock. @defaultValue the system clock
 *
 * @throws TypeError when it has not all methods of a {@link Clock}
 */
export function clockOption(value: Clock | undefined): Clock {
  if (value === undefined) return systemClock;
  return checkMethods('clock', value, clockMethods, 'an object');
}

/**
 * A logger, or none.
 *
 * @throws TypeError when it has not all methods of a {@link Logger}
 */
export function loggerOption(value: Logger | undefined): Logger | undefined {
  if (value === undefined) return undefined;
  return checkMethods('logger', value, loggerMethods, 'console or another object');
}

/**
 * A meter, or none.
 *
 * @throws TypeError when it has not all methods of a {@link Meter}
 */
export function meterOption(value: Meter | undefined): Meter | undefined {
  if (value === undefined) return undefined;
  return checkMethods('meter', value, meterMethods, 'a Registry or another object');
}

/**
 * A signal, or none; of any realm.
 *
 * @throws TypeError when it is something else, such as an AbortController
 */
export function signalOption(value: AbortSignal | undefined): AbortSignal | undefined {
  if (value === undefined || typeof value?.aborted === 'boolean') return value;
  throw new TypeError(
    `signal must be an AbortSignal such as AbortSignal.timeout(5_000), got ${describeValue(value)}`,
  );
}
