import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RegistryDump } from '@x/metrics';
import type { WorkerRequest, WorkerSettings } from './requests.ts';

/** A worker thread with a cache, as the main thread sees it. Ask it one thing at a time. */
export class CacheWorker {
  readonly #worker: Worker;

  constructor(settings: WorkerSettings) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: settings });
  }

  /** The keys derived from `names`. */
  derive(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#ask({ kind: 'derive', names });
  }

  /** Makes every thread forget what matches `pattern`. */
  invalidate(pattern: string): Promise<void> {
    return this.#ask({ kind: 'invalidate', pattern });
  }

  /** What the thread has measured, to be merged with that of others. */
  dump(): Promise<RegistryDump> {
    return this.#ask({ kind: 'dump' });
  }

  /** Closes the cache; the thread ends by itself then. */
  async close(): Promise<void> {
    const ended = once(this.#worker, 'exit');
    this.#worker.postMessage({ kind: 'close' } satisfies WorkerRequest);
    await ended;
  }

  async #ask<T>(request: WorkerRequest): Promise<T> {
    // `once` rejects when the worker fails.
    const answered = once(this.#worker, 'message');
    this.#worker.postMessage(request);
    const [answer] = await answered;
    return answer as T;
  }
}
