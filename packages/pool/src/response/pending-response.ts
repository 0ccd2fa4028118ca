import type { PoolResponse } from './pool-response.ts';

/**
 * A promise of a response that also reads the body: `await pool.get(url).json()`. What `then` and the
 * others answer is a plain promise.
 */
export class PendingResponse extends Promise<PoolResponse> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  constructor(response: Promise<PoolResponse>) {
    super((resolve, reject) => {
      response.then(resolve, reject);
    });
  }

  override get [Symbol.toStringTag](): string {
    return 'PendingResponse';
  }

  /** The body as JSON; see {@link PoolResponse.json}. */
  json<T = unknown>(): Promise<T> {
    return this.then((response) => response.json<T>());
  }

  /** The body as UTF-8 text. */
  text(): Promise<string> {
    return this.then((response) => response.text());
  }

  /** The body. */
  bytes(): Promise<Uint8Array> {
    return this.then((response) => response.bytes());
  }
}
