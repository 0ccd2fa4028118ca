import type { CircuitState, Clock } from '@x/interfaces';
import { CacheStoreError, type StoreOperation } from '../../errors/cache-store-error.ts';
import { TierRest } from './tier-rest.ts';
import type { MissedChanges } from '../changes/missed-changes.ts';
import type { Recorder } from '../recording/recorder.ts';
import { CacheStoreRestingError } from '../../errors/cache-store-resting-error.ts';
import { isRefusal } from './store-failures.ts';

/** What the tiers of one cache have in common. */
export interface TierContext {
  readonly cache: string;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly throwOnStoreError: boolean;
}

/** Of which store a health is. */
interface Subject {
  readonly name: string;
  readonly inMemory: boolean;
}

/** Whether the store of a tier works: its failures, and the rest that it gets from them. */
export class TierHealth {
  readonly rest: TierRest;
  errors = 0;
  lastError: unknown;
  readonly #tier: Subject;
  readonly #missed: MissedChanges;
  readonly #context: TierContext;
  #troubled = false;

  /** @param missed - while it holds something the tier is not well again */
  constructor(tier: Subject, missed: MissedChanges, context: TierContext) {
    this.#tier = tier;
    this.#missed = missed;
    this.#context = context;
    this.rest = new TierRest(context.clock);
  }

  get circuit(): CircuitState {
    return this.rest.state;
  }

  /** One boolean keeps all that follows from failures off the path of a healthy store. */
  get troubled(): boolean {
    return this.#troubled;
  }

  /** Whether the store may be asked now. */
  mayPass(): boolean {
    return !this.#troubled || this.rest.tryPass();
  }

  /** Like {@link mayPass}, for a call whose failure is thrown where the cache was made so. */
  mayCall(operation: StoreOperation, key: string | undefined): boolean {
    if (this.mayPass()) return true;
    if (!this.#context.throwOnStoreError) return false;
    throw this.resting(operation, key);
  }

  succeeded(): void {
    if (!this.#troubled) return;
    this.rest.succeeded();
    if (this.#missed.size === 0) this.#troubled = false;
  }

  /** The store missed a change. */
  missedChange(): void {
    this.#troubled = true;
  }

  /** Records a failure; answers it for the caller. */
  failed(operation: StoreOperation, key: string | undefined, error: unknown): CacheStoreError {
    this.errors++;
    this.lastError = error;
    const isRefusal = this.refuses(operation, error);
    if (!isRefusal) {
      this.#troubled = true;
      this.rest.failed();
    } else if (this.#troubled) {
      this.rest.succeeded();
    }
    this.#context.recorder.storeFailed({ operation, tier: this.#tier.name, key, error }, isRefusal);
    return this.errorOf(operation, key, error);
  }

  /** Throws where the cache was made so; else a read that failed counts as a miss. */
  failedRead(operation: StoreOperation, key: string | undefined, error: unknown): void {
    const failure = this.failed(operation, key, error);
    if (this.#context.throwOnStoreError) throw failure;
  }

  /** Whether it was the value that could not be kept. */
  refuses(operation: StoreOperation, error: unknown): boolean {
    const isSet = operation === 'set' || operation === 'setMany';
    return isSet && (this.#tier.inMemory || isRefusal(error));
  }

  /** For a call that is not made because the store is left alone. */
  resting(operation: StoreOperation, key: string | undefined): CacheStoreError {
    const retryAfterMs = Math.ceil(this.rest.retryAfterMs());
    const cause = new CacheStoreRestingError(this.#tier.name, retryAfterMs, {
      cause: this.lastError,
    });
    return this.errorOf(operation, key, cause);
  }

  errorOf(operation: StoreOperation, key: string | undefined, cause: unknown): CacheStoreError {
    const where = { operation, tier: this.#tier.name, key };
    return new CacheStoreError(this.#context.cache, where, { cause });
  }
}
