import type {
  AcquireOptions,
  Cache,
  CircuitBreaker,
  ConcurrencyLimiter,
  GetOrSetOptions,
  Loader,
  Permit,
  RateLimiter,
  SyncCache,
} from '@x/interfaces';

/** A cache without bounds or time that remembers the options it was given. */
export class MapCache implements Cache {
  readonly entries: Map<string, unknown> = new Map();
  readonly options: (GetOrSetOptions | undefined)[] = [];

  async get<V>(key: string): Promise<V | undefined> {
    return this.entries.get(key) as V | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    this.entries.set(key, value);
  }

  async getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions): Promise<V> {
    this.options.push(options);
    if (this.entries.has(key)) return this.entries.get(key) as V;
    const value = await loader({
      key,
      signal: new AbortController().signal,
      previous: undefined,
      keep: () => {},
    });
    this.entries.set(key, value);
    return value;
  }

  async delete(key: string): Promise<boolean> {
    return this.entries.delete(key);
  }

  async invalidate(): Promise<undefined> {
    this.entries.clear();
  }
}

/** The same, answering at once, for values of one type. */
export class TypedMapCache<K, V> implements SyncCache<K, V> {
  readonly answersAtOnce = true;
  readonly #entries = new Map<K, V>();

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
  }

  getOrSet<T extends V>(key: K, loader: (key: K) => T): T {
    if (!this.has(key)) this.set(key, loader(key));
    return this.#entries.get(key) as T;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** The same, for values of any type. */
export class SyncMapCache extends TypedMapCache<string, unknown> {}

/** Grants everything at once, or fails with `refusal`, and remembers what it was asked. */
export class RecordingLimiter implements RateLimiter {
  readonly asked: { permits: number | undefined; timeoutMs: number | undefined }[] = [];
  refusal: Error | undefined;

  tryAcquire(): boolean {
    return this.refusal === undefined;
  }

  async acquire(permits?: number, options?: { timeoutMs?: number | undefined }): Promise<void> {
    this.asked.push({ permits, timeoutMs: options?.timeoutMs });
    if (this.refusal !== undefined) throw this.refusal;
  }

  availablePermits(): number {
    return Infinity;
  }

  pauseUntil(): void {}
}

/** Runs one at a time and counts. */
export class OneAtATime implements ConcurrencyLimiter {
  active = 0;
  readonly available = 1;
  readonly queued = 0;
  most = 0;
  readonly asked: (AcquireOptions | undefined)[] = [];
  #last: Promise<unknown> = Promise.resolve();

  tryAcquire(): Permit | undefined {
    return undefined;
  }

  acquire(): Promise<Permit> {
    return Promise.reject(new Error('not used'));
  }

  run<T>(fn: () => T | Promise<T>, options?: AcquireOptions): Promise<T> {
    this.asked.push(options);
    const result = this.#last.then(async () => {
      this.most = Math.max(this.most, ++this.active);
      try {
        return await fn();
      } finally {
        this.active--;
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Lets calls through until it is opened by hand. */
export class HandBreaker implements CircuitBreaker {
  state: CircuitBreaker['state'] = 'closed';
  passed = 0;

  tryPass(): boolean {
    return this.state === 'closed';
  }

  record(): void {}

  retryAfterMs(): number {
    return 0;
  }

  async run<T>(fn: () => T | Promise<T>): Promise<T> {
    if (!this.tryPass()) throw new Error('open');
    this.passed++;
    return fn();
  }
}
