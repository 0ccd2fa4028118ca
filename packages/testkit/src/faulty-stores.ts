import type {
  Awaitable,
  CallOptions,
  Clock,
  Entry,
  InvalidationTarget,
  KeysOptions,
  PurgeOptions,
  SetOptions,
  Store,
  StoreStats,
} from '@x/interfaces';

type Method = Exclude<keyof Store, 'name' | 'mark' | 'changesSince' | 'lease' | symbol>;

/** Passes every call on to another store; subclasses get in between. */
abstract class InterceptingStore<V> implements Store<V> {
  readonly name: string;
  protected readonly inner: Store<V>;

  constructor(name: string, inner: Store<V>) {
    this.name = name;
    this.inner = inner;
  }

  protected abstract intercept<T>(method: Method, call: () => Awaitable<T>): Awaitable<T>;

  get(key: string, options?: CallOptions): Awaitable<Entry<V> | undefined> {
    return this.intercept('get', () => this.inner.get(key, options));
  }

  getMany(keys: readonly string[], options?: CallOptions): Awaitable<(Entry<V> | undefined)[]> {
    return this.intercept('getMany', () => this.inner.getMany(keys, options));
  }

  set(key: string, entry: Entry<V>, options?: SetOptions): Awaitable<void> {
    return this.intercept('set', () => this.inner.set(key, entry, options));
  }

  setMany(entries: Iterable<readonly [string, Entry<V>]>, options?: SetOptions): Awaitable<void> {
    return this.intercept('setMany', () => this.inner.setMany(entries, options));
  }

  delete(key: string, options?: CallOptions): Awaitable<boolean> {
    return this.intercept('delete', () => this.inner.delete(key, options));
  }

  deleteMany(keys: readonly string[], options?: CallOptions): Awaitable<number> {
    return this.intercept('deleteMany', () => this.inner.deleteMany(keys, options));
  }

  invalidate(target: InvalidationTarget, options?: CallOptions): Awaitable<number | undefined> {
    return this.intercept('invalidate', () => this.inner.invalidate(target, options));
  }

  async *keys(options?: KeysOptions): AsyncIterable<string> {
    yield* await this.intercept('keys', () => this.inner.keys(options));
  }

  clear(options?: CallOptions): Awaitable<void> {
    return this.intercept('clear', () => this.inner.clear(options));
  }

  purgeExpired(options?: PurgeOptions): Awaitable<number> {
    return this.intercept('purgeExpired', () => this.inner.purgeExpired(options));
  }

  stats(): Awaitable<StoreStats> {
    return this.intercept('stats', () => this.inner.stats());
  }

  close(): Awaitable<void> {
    return this.inner.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A store that fails on demand and otherwise passes on to `inner`. */
export class FailingStore<V = unknown> extends InterceptingStore<V> {
  /** Methods that fail now; `'all'` for every one of them but `close`. */
  failing: ReadonlySet<Method> | 'all' = 'all';
  /** Calls that failed so far. */
  failures = 0;

  constructor(inner: Store<V>) {
    super(`failing ${inner.name}`, inner);
  }

  protected override intercept<T>(method: Method, call: () => Awaitable<T>): Awaitable<T> {
    if (this.failing !== 'all' && !this.failing.has(method)) return call();
    this.failures++;
    return Promise.reject(new Error(`${this.name}: ${method} failed`));
  }
}

/** A store that answers `delayMs` later than `inner`, by the given clock. */
export class SlowStore<V = unknown> extends InterceptingStore<V> {
  delayMs: number;
  readonly #clock: Clock;

  constructor(inner: Store<V>, delayMs: number, clock: Clock) {
    super(`slow ${inner.name}`, inner);
    this.delayMs = delayMs;
    this.#clock = clock;
  }

  protected override async intercept<T>(_method: Method, call: () => Awaitable<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#clock.schedule(resolve, this.delayMs);
    });
    return call();
  }
}
