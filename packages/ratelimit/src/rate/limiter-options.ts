import {
  type Clock,
  type Logger,
  type Meter,
  type MisnamedOptions,
  type NameList,
  numberOption,
  type OptionNames,
} from '@x/interfaces';
import { queueOptionNames, type QueueOptions } from '../queue/overflow.ts';

/** A rate and the burst that it allows. */
export interface RateLimit {
  /** Permits added per second. Above 0 and finite; fractions count, so 0.5 is one in two seconds. */
  readonly permitsPerSecond: number;
  /**
   * Most permits that the bucket holds, so the largest burst and the largest single request.
   * @defaultValue `permitsPerSecond`, at least 1
   */
  readonly burst?: number | undefined;
}

/** What all rate limiters take. */
export interface RateLimiterOptions extends QueueOptions {
  /** Names the limiter in errors, log lines and metrics. @defaultValue the kind of limiter */
  readonly name?: string | undefined;
  /**
   * The longest random delay of a timer that serves those who wait, in milliseconds, so that several
   * processes do not act at the same instant. Nobody is served earlier by it.
   * @defaultValue 0
   */
  readonly jitterMs?: number | undefined;
  /** Source of the jitter: numbers from 0 to below 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of pauses (info) and of calls that timed out or found the queue full (debug). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Where the limiter measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

export const limiterOptionNames: NameList<RateLimiterOptions> = {
  ...queueOptionNames,
  name: true,
  jitterMs: true,
  random: true,
  clock: true,
  logger: true,
  meter: true,
};

const perSecond =
  'permitsPerSecond, a number for one second; perMinute and perHour make it from others';
const inSemaphore = 'permits of a Semaphore, which limits how many run at the same time';

/** The names under which others take a rate in other units. */
function ratesPer(what: string): MisnamedOptions {
  return {
    [`${what}PerMinute`]: `permitsPerSecond: ${what}PerMinute / 60`,
    [`${what}PerHour`]: `permitsPerSecond: ${what}PerHour / 3_600`,
    [`${what}PerDay`]: `permitsPerSecond: ${what}PerDay / 86_400`,
  };
}

/** What is asked of each call elsewhere, too, but may be set once for all. */
const ofCalls: MisnamedOptions = {
  timeout: 'timeoutMs of each call: acquire(1, { timeoutMs })',
  timeoutMs: 'timeoutMs of each call: acquire(1, { timeoutMs })',
  signal: 'signal of each call: acquire(1, { signal })',
  priority: 'priority of each call: acquire(1, { priority })',
};

/** Names of other rate limiters. */
const misnamedRates: MisnamedOptions = {
  ...ratesPer('permits'),
  ...ratesPer('requests'),
  ...ratesPer('tokens'),
  rpm: 'permitsPerSecond: rpm / 60',
  rps: 'permitsPerSecond',
  qps: 'permitsPerSecond',
  tokensPerSecond: 'permitsPerSecond',
  permits: 'permitsPerSecond',
  tokensPerInterval: perSecond,
  interval: perSecond,
  intervalMs: perSecond,
  intervalCap: perSecond,
  points: perSecond,
  duration: perSecond,
  limit: perSecond,
  max: perSecond,
  windowMs: perSecond,
  window: perSecond,
  rate: perSecond,
  refillRate: perSecond,
  refillInterval: perSecond,
  fillRate: perSecond,
  reservoir: perSecond,
  reservoirRefreshAmount: perSecond,
  reservoirRefreshInterval: perSecond,
  minTime: 'permitsPerSecond with a burst of 1',
  bucketSize: 'burst',
  capacity: 'burst',
  size: 'burst',
  tokens: 'burst',
  maxTokens: 'burst',
  maxConcurrent: inSemaphore,
  concurrency: inSemaphore,
  highWater: 'maxQueue',
  maxQueueSize: 'maxQueue',
  strategy: 'whenFull',
  id: 'name',
  blockDuration: 'pauseUntil(epochMs), a method',
  ...ofCalls,
};

export const rateNames: OptionNames<RateLimit> = {
  known: { permitsPerSecond: true, burst: true },
  misnamed: misnamedRates,
};

/**
 * A rate that was given.
 *
 * @throws TypeError when it is no number
 * @throws RangeError when it is not above 0 and finite
 */
export function rateOption(value: number, name: string = 'permitsPerSecond'): number {
  if (value === Infinity) throw new RangeError(`${name} must be finite, got Infinity`);
  return numberOption(name, value, undefined, { above: 0 });
}

/** A burst that was given, or the default for `permitsPerSecond`. */
export function burstOption(value: number | undefined, permitsPerSecond: number): number {
  return numberOption('burst', value, Math.max(1, permitsPerSecond), {
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
  });
}
