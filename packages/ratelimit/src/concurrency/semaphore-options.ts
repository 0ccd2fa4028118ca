import {
  checkOptionNames,
  choiceOption,
  type Clock,
  describeValue,
  type Logger,
  type Meter,
  type MisnamedOptions,
  type NameList,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import {
  acquireOptionNames,
  hasOnlyUsual,
  misnamedPermits,
  type PriorityAcquireOptions,
} from '../queue/acquire-options.ts';
import { queueOptionNames, type QueueOptions } from '../queue/overflow.ts';
import type { QueueOrder } from '../queue/wait-queue.ts';
import type { CallStats } from '../tally.ts';

/** How a semaphore limits. */
export interface SemaphoreOptions extends QueueOptions {
  /** How many permits may be held at the same time. A whole number, at least 1. */
  readonly permits: number;
  /**
   * Who of equal priority is served first: who has waited longest, or who came last. The latter keeps
   * answers quick under overload, at the price of those who wait already.
   * @defaultValue `'fifo'`
   */
  readonly order?: QueueOrder | undefined;
  /**
   * Whether to measure how long callers wait, for `stats()`; always with a meter. It costs two
   * readings of the clock for each caller who waits.
   * @defaultValue `false`
   */
  readonly measureWaits?: boolean | undefined;
  /** Names the limiter in errors, log lines and metrics. @defaultValue the kind of limiter */
  readonly name?: string | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of calls that timed out or found the queue full (debug). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Where the limiter measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

/** How long a caller waits, before whom, and for how much. */
export interface SemaphoreAcquireOptions extends PriorityAcquireOptions {
  /** How many permits to hold. A whole number from 1 to all of them. @defaultValue 1 */
  readonly permits?: number | undefined;
}

/** What a semaphore did since it was made, and how it stands. */
export interface SemaphoreStats extends CallStats {
  /**
   * How long those who waited and were served did so in total, in milliseconds; `undefined` without
   * `measureWaits` and a meter.
   */
  readonly totalWaitMs: number | undefined;
  /** The longest of those waits, in milliseconds; `undefined` without `measureWaits` and a meter. */
  readonly maxWaitMs: number | undefined;
  /** Permits held now. */
  readonly active: number;
  /** The most permits that were held at the same time. */
  readonly maxActive: number;
  /** Callers waiting now. */
  readonly queued: number;
}

/** The names of {@link SemaphoreOptions} but `permits`. */
export const waitingOptionNames: NameList<Omit<SemaphoreOptions, 'permits'>> = {
  ...queueOptionNames,
  order: true,
  measureWaits: true,
  name: true,
  clock: true,
  logger: true,
  meter: true,
};

const aRate = 'an option of a TokenBucket, which limits a rate';
const ofCalls = 'timeoutMs of each call: run(fn, { timeoutMs })';

/** What others call what all semaphores take, and what is rather of something else. */
export const misnamedWaiting: MisnamedOptions = {
  highWater: 'maxQueue',
  maxQueueSize: 'maxQueue',
  queueLimit: 'maxQueue',
  maxPending: 'maxQueue',
  maxWaiting: 'maxQueue',
  strategy: 'whenFull',
  id: 'name',
  fifo: "order: 'fifo'",
  lifo: "order: 'lifo'",
  timeout: ofCalls,
  timeoutMs: ofCalls,
  signal: 'signal of each call: run(fn, { signal })',
  priority: 'priority of each call: run(fn, { priority })',
  permitsPerSecond: aRate,
  burst: aRate,
  warmUp: 'warmUpMs of a TokenBucket, which limits a rate',
  warmUpMs: aRate,
  interval: 'permitsPerSecond of a TokenBucket, which limits a rate',
  intervalCap: 'permitsPerSecond of a TokenBucket, which limits a rate',
  minTime: 'permitsPerSecond of a TokenBucket, which limits a rate',
  reservoir: 'permitsPerSecond of a TokenBucket, which limits a rate',
};

export const semaphoreOptionNames: OptionNames<SemaphoreOptions> = {
  known: { permits: true, ...waitingOptionNames },
  misnamed: {
    ...misnamedWaiting,
    concurrency: 'permits',
    maxConcurrent: 'permits',
    maxConcurrency: 'permits',
    limit: 'permits',
    max: 'permits',
    size: 'permits',
    capacity: 'permits',
    count: 'permits',
    tokens: 'permits',
  },
};

const acquireNames: OptionNames<SemaphoreAcquireOptions> = {
  known: { ...acquireOptionNames.known, permits: true },
  misnamed: { ...acquireOptionNames.misnamed, ...misnamedPermits('permits') },
};

/** @throws TypeError when `options` is no object, or has an option that there is not */
export function checkSemaphoreCall(options: SemaphoreAcquireOptions): void {
  objectOption('options', options, '{ permits }');
  if (!hasOnlyUsual(options)) checkOptionNames(options, acquireNames);
}

/** How many permits a semaphore has. */
export function permitsOption(value: number): number {
  const range = { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true };
  if (typeof value !== 'number') {
    throw new TypeError(
      `permits must be a whole number of at least 1, got ${describeValue(value)}`,
    );
  }
  return numberOption('permits', value, value, range);
}

/** How many permits a caller asks for. */
export function weightOption(value: number | undefined, permits: number): number {
  if (value === undefined || (value >= 1 && value <= permits && Number.isInteger(value))) {
    return value ?? 1;
  }
  const expected = `permits must be a whole number from 1 to the ${permits} of the limiter`;
  if (typeof value === 'number') throw new RangeError(`${expected}, got ${value}`);
  // Those of `acquire` are one of its options.
  const got = describeValue(value);
  const hint = got === 'an object' ? '; tryAcquire takes the number alone' : '';
  throw new TypeError(`${expected}, got ${got}${hint}`);
}

/** Who of equal priority is served first. */
export function orderOption(value: QueueOrder | undefined): QueueOrder {
  return choiceOption('order', value, 'fifo', ['fifo', 'lifo']);
}
