import {
  checkOptionNames,
  type Clock,
  clockOption,
  ClosedError,
  describeValue,
  inspectable,
  loggerOption,
  meterOption,
  numberOption,
  objectOption,
  type OptionNames,
  type RateLimiter,
  textOption,
} from '@x/interfaces';
import { checkKey, keyError } from '../key-check.ts';
import { LimiterMeter } from '../limiter-meter.ts';
import type { PriorityAcquireOptions } from '../queue/acquire-options.ts';
import { Overflow } from '../queue/overflow.ts';
import { Tally } from '../tally.ts';
import {
  type CheckedState,
  checkState,
  dumpBucket,
  loadBucket,
  type TokenBucketState,
} from './bucket-state.ts';
import { GatedLimiter, type RateLimiterStats, type SharedParts } from './gated-limiter.ts';
import { Gcra } from './gcra.ts';
import { KeyLevels } from './key-levels.ts';
import { KeyPauses } from './key-pauses.ts';
import { permitsError } from './permits-error.ts';
import {
  burstOption,
  limiterOptionNames,
  type RateLimit,
  type RateLimiterOptions,
  rateNames,
  rateOption,
} from './limiter-options.ts';

/** How a {@link KeyedRateLimiter} limits. */
export interface KeyedRateLimiterOptions extends RateLimit, RateLimiterOptions {
  /**
   * How many keys are remembered at most. Beyond that, keys that were not used of late are forgotten,
   * which lets them begin with a full bucket. At least 2.
   * @defaultValue 1,000,000
   */
  readonly maxKeys?: number | undefined;
}

const optionNames: OptionNames<KeyedRateLimiterOptions> = {
  ...rateNames,
  known: { ...rateNames.known, ...limiterOptionNames, maxKeys: true },
  misnamed: {
    ...rateNames.misnamed,
    keyGenerator: 'the first argument of each call: acquire(key)',
    maxEntries: 'maxKeys',
    maxSize: 'maxKeys',
  },
};

/** What a {@link KeyedRateLimiter} did since it was made, over all keys. */
export interface KeyedRateLimiterStats extends RateLimiterStats {
  /** Keys remembered now. */
  readonly keys: number;
}

/** How the bucket of one key stands, as plain JSON. */
export interface KeyState extends TokenBucketState {
  readonly key: string;
}

/** A map takes no more than 2^24 keys, and there are two. */
const mostKeys = 2 ** 24;

const grantedAtOnce: Promise<void> = Promise.resolve();

/** The bucket of a key that somebody uses in more than the simplest way. */
class KeyBucket extends GatedLimiter {
  readonly bucket: Gcra;

  constructor(limit: Required<RateLimit>, options: RateLimiterOptions, shared: SharedParts) {
    const bucket = new Gcra(limit.permitsPerSecond, limit.burst as number);
    super(bucket, 'keyed-rate-limiter', options, shared);
    this.bucket = bucket;
  }

  load(state: CheckedState): void {
    const now = this.clock.monotonic();
    loadBucket(this.bucket, state, now);
    this.queue.reschedule(now);
  }
}

/**
 * A token bucket for each key, such as a user or an address, all with the same rate and burst. A key
 * that is not used costs nothing once its bucket is full again, and one that is used about 40 bytes
 * beside the key itself; there is no timer but for those who wait. Each key has a queue of its own.
 */
export class KeyedRateLimiter implements Disposable {
  readonly name: string;
  readonly permitsPerSecond: number;
  readonly burst: number;
  readonly maxKeys: number;
  readonly #levels: KeyLevels;
  readonly #pauses = new KeyPauses();
  readonly #options: RateLimiterOptions;
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #overflow: Overflow;
  /** The keys that somebody waits for. */
  readonly #waiting = new Map<string, KeyBucket>();
  #closed = false;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when `permitsPerSecond` is not above 0 and finite, `burst` is below 1, or
   * `maxKeys` is not a whole number from 2 to 2^24
   */
  constructor(options: KeyedRateLimiterOptions) {
    objectOption('options', options, '{ permitsPerSecond }');
    checkOptionNames(options, optionNames);
    this.permitsPerSecond = rateOption(options.permitsPerSecond);
    this.burst = burstOption(options.burst, this.permitsPerSecond);
    this.maxKeys = numberOption('maxKeys', options.maxKeys, 1_000_000, {
      min: 2,
      max: mostKeys,
      integer: true,
    });
    this.name = textOption('name', options.name, 'keyed-rate-limiter');
    this.#options = options;
    loggerOption(options.logger);
    this.#clock = clockOption(options.clock);
    this.#overflow = new Overflow(options);
    this.#levels = new KeyLevels(this.permitsPerSecond, this.burst, this.maxKeys);
    const meter = meterOption(options.meter);
    this.#tally = new Tally(
      meter === undefined ? undefined : new LimiterMeter(meter, 'rate_limiter', this.name),
    );
    inspectable(this, this.#facts);
  }

  /**
   * Takes `permits` of `key` now, or none. Never overtakes a caller that waits for the same key.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number, TypeError for a key that is no string
   */
  tryAcquire(key: string, permits: number = 1): boolean {
    checkKey(key);
    if (permits !== 1) this.#checkPermits(permits);
    if (this.#waiting.size > 0) {
      const bucket = this.#waiting.get(key);
      if (bucket !== undefined) return bucket.tryAcquire(permits);
    }
    if (!this.#closed && this.#levels.take(key, permits, this.#clock.monotonic())) {
      this.#tally.granted(permits);
      return true;
    }
    this.#tally.refused();
    return false;
  }

  /**
   * Waits for `permits` of `key`, first come first served within a priority.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws what {@link TokenBucket.acquire} throws, and TypeError for a key that is no string
   */
  acquire(key: string, permits: number = 1, options?: PriorityAcquireOptions): Promise<void> {
    if (typeof key !== 'string') return Promise.reject(keyError(key));
    if (this.#closed) return Promise.reject(this.#closedError());
    const isPlain = permits === 1 && options === undefined && !this.#waiting.has(key);
    if (isPlain && this.#levels.take(key, permits, this.#clock.monotonic())) {
      this.#tally.granted(permits);
      return grantedAtOnce;
    }
    return this.#use(key, (bucket) => bucket.acquire(permits, options));
  }

  /** Permits that {@link tryAcquire} would grant now; a fraction counts, 0 while somebody waits. */
  availablePermits(key: string): number {
    checkKey(key);
    return this.#closed ? 0 : this.#use(key, (bucket) => bucket.availablePermits());
  }

  /** Milliseconds that {@link acquire} would wait if it were called now, without taking anything. */
  estimateWaitMs(
    key: string,
    permits: number = 1,
    options?: { readonly priority?: number | undefined },
  ): number {
    checkKey(key);
    return this.#closed
      ? Infinity
      : this.#use(key, (bucket) => bucket.estimateWaitMs(permits, options));
  }

  /** Gives `permits` of `key` back that were granted and not used. */
  refund(key: string, permits: number): void {
    checkKey(key);
    this.#change(key, (bucket) => bucket.refund(permits));
  }

  /** Takes `permits` of `key` as a punishment: there may be a debt afterwards. */
  penalize(key: string, permits: number): void {
    checkKey(key);
    this.#change(key, (bucket) => bucket.penalize(permits));
  }

  /** Grants nothing for `key` before `epochMs`. Only ever moves later. */
  pauseUntil(key: string, epochMs: number): void {
    checkKey(key);
    this.#change(key, (bucket) => bucket.pauseUntil(epochMs));
  }

  /** The limiter of one key, for whoever takes a RateLimiter. */
  forKey(key: string): RateLimiter {
    checkKey(key);
    return {
      tryAcquire: (permits) => this.tryAcquire(key, permits),
      acquire: (permits, options) => this.acquire(key, permits, options),
      availablePermits: () => this.availablePermits(key),
      pauseUntil: (epochMs) => this.pauseUntil(key, epochMs),
    };
  }

  /** Forgets `key`, which lets it begin with a full bucket; `false` when it was not known, or somebody waits for it. */
  delete(key: string): boolean {
    checkKey(key);
    if (this.#waiting.has(key)) return false;
    this.#pauses.set(key, -Infinity, 0);
    return this.#levels.delete(key);
  }

  /**
   * How the keys stand whose buckets are not full, to {@link load} them after a restart, also after
   * {@link close}. Callers who wait are not part of it.
   */
  dump(): KeyState[] {
    const states: KeyState[] = [];
    const asleep = new Gcra(this.permitsPerSecond, this.burst);
    for (const key of new Set([...this.#levels.keys(), ...this.#waiting.keys()])) {
      const awake = this.#waiting.get(key)?.bucket;
      if (awake === undefined) asleep.resume(this.#levels.fullAt(key), this.#pauses.get(key));
      const state = dumpBucket(awake ?? asleep, this.#clock);
      const isPaused = state.pausedUntilMs !== undefined;
      if (isPaused || state.permits < this.burst) states.push({ key, ...state });
    }
    return states;
  }

  /**
   * Lets the keys of `states` stand as these say, with what has accrued since; other keys stay.
   *
   * @throws TypeError when it is no array, a key no string or a field no number, RangeError for `NaN`;
   * nothing changes then
   * @throws ClosedError after {@link close}
   */
  load(states: readonly KeyState[]): void {
    if (this.#closed) throw this.#closedError();
    if (!Array.isArray(states)) {
      throw new TypeError(`states must be an array, got ${describeValue(states)}`);
    }
    const checked = new Map<string, CheckedState>();
    for (const state of states as readonly KeyState[]) {
      checkKey(objectOption('state', state, '{ key, permits, atMs }').key);
      checked.set(state.key, checkState(state, this.#clock));
    }
    for (const [key, state] of checked) this.#change(key, (bucket) => bucket.load(state));
  }

  /** What the limiter did since it was made, over all keys. */
  stats(): KeyedRateLimiterStats {
    let queued = 0;
    for (const bucket of this.#waiting.values()) queued += bucket.queued;
    return {
      ...this.#tally.stats(),
      grantedPermits: this.#tally.grantedPermits,
      queued,
      keys: this.#levels.size,
    };
  }

  /**
   * Rejects everybody who waits, and every later `acquire`, with a ClosedError, which `load` throws. What
   * gives back, punishes or pauses does nothing any more. Safe to call twice.
   */
  close(): void {
    this.#closed = true;
    for (const bucket of this.#waiting.values()) bucket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: KeyedRateLimiter): object {
    return {
      name: self.name,
      permitsPerSecond: self.permitsPerSecond,
      burst: self.burst,
      keys: self.#levels.size,
      maxKeys: self.maxKeys,
      closed: self.#closed,
    };
  }

  #closedError(): ClosedError {
    return new ClosedError(`limiter "${this.name}"`);
  }

  #change(key: string, change: (bucket: KeyBucket) => void): void {
    if (!this.#closed) this.#use(key, change);
  }

  /** Lets `use` work on the bucket of `key`, which goes on living only while somebody waits for it. */
  #use<T>(key: string, use: (bucket: KeyBucket) => T): T {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return use(waiting);
    const bucket = this.#wake(key);
    const result = use(bucket);
    if (bucket.queued > 0) this.#waiting.set(key, bucket);
    else this.#sleep(key, bucket);
    return result;
  }

  #wake(key: string): KeyBucket {
    const { permitsPerSecond, burst } = this;
    const bucket: KeyBucket = new KeyBucket({ permitsPerSecond, burst }, this.#options, {
      tally: this.#tally,
      overflow: this.#overflow,
      onEmpty: () => {
        if (this.#waiting.delete(key)) this.#sleep(key, bucket);
      },
    });
    bucket.bucket.resume(this.#levels.fullAt(key), this.#pauses.get(key));
    return bucket;
  }

  #sleep(key: string, { bucket }: KeyBucket): void {
    const now = this.#clock.monotonic();
    this.#pauses.set(key, bucket.pausedUntil, now);
    if (bucket.fullAt > now) this.#levels.setFullAt(key, bucket.fullAt, now);
    else this.#levels.delete(key);
  }

  #checkPermits(permits: number): void {
    if (permits >= 1 && permits <= this.burst && Number.isInteger(permits)) return;
    throw permitsError(permits, this.burst);
  }
}
