import {
  type AcquireOptions,
  checkOptionNames,
  type ConcurrencyLimiter,
  describeValue,
  objectOption,
  type OptionNames,
  type Permit,
  signalOption,
} from '@x/interfaces';

/** How `map` runs. */
export interface MapOptions {
  /** Begins no more when it aborts; `map` rejects with `signal.reason` once the runs under way have ended. */
  readonly signal?: AbortSignal | undefined;
  /** The longest wait for each permit, in milliseconds. @defaultValue `Infinity` */
  readonly timeoutMs?: number | undefined;
}

const optionNames: OptionNames<MapOptions> = {
  known: { signal: true, timeoutMs: true },
  misnamed: {
    timeout: 'timeoutMs, in milliseconds',
    concurrency: 'permits of the semaphore: new Semaphore({ permits })',
    limit: 'permits of the semaphore: new Semaphore({ permits })',
  },
};

/** Runs `fn` for each item, each run holding one permit of `limiter`. */
export async function mapConcurrently<T, R>(
  limiter: Pick<ConcurrencyLimiter, 'acquire'>,
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, index: number) => R | Promise<R>,
  options: AcquireOptions = {},
): Promise<R[]> {
  if (!isList(items)) throw new TypeError(`items must be an array, got ${describeValue(items)}`);
  if (typeof fn !== 'function') {
    throw new TypeError(`fn must be a function, got ${describeValue(fn)}`);
  }
  objectOption('options', options, '{ timeoutMs }');
  checkOptionNames(options, optionNames);
  const results: R[] = [];
  const running = new Set<Promise<void>>();
  // Its reason holds the first error, which may be anything, also `undefined`.
  const stop = new AbortController();
  const fail = (error: unknown): void => stop.abort({ error });
  const signal = signalOption(options.signal) ?? stop.signal;
  const acquireOptions = { ...options, signal: AbortSignal.any([signal, stop.signal]) };
  const run = async (item: T, index: number, permit: Permit): Promise<void> => {
    try {
      results[index] = await fn(item, index);
    } catch (error) {
      fail(error);
    } finally {
      permit.release();
    }
  };
  const iterator = iterate(items);
  try {
    for (let index = 0; !stop.signal.aborted; index++) {
      const permit = await limiter.acquire(acquireOptions);
      const next = await nextOrRelease(iterator, permit);
      if (next.done) break;
      if (stop.signal.aborted) {
        permit.release();
        break;
      }
      const task = run(next.value, index, permit);
      running.add(task);
      void task.then(() => running.delete(task));
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  if (!stop.signal.aborted) return results;
  await closeQuietly(iterator);
  throw (stop.signal.reason as { readonly error: unknown }).error;
}

function isList(items: Iterable<unknown> | AsyncIterable<unknown>): boolean {
  if (typeof items !== 'object' || items === null) return false;
  return Symbol.iterator in items || Symbol.asyncIterator in items;
}

function iterate<T>(items: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

/** The next item; without one the permit goes back. */
async function nextOrRelease<T>(
  iterator: Iterator<T> | AsyncIterator<T>,
  permit: Permit,
): Promise<IteratorResult<T>> {
  let done: boolean | undefined = true;
  try {
    const next = await iterator.next();
    ({ done } = next);
    return next;
  } finally {
    if (done) permit.release();
  }
}

/** What a closing iterator throws must not hide why it is closed. */
async function closeQuietly(iterator: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {}
}
