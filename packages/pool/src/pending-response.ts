import type { PoolResponse } from './pool-response.ts';

/** A promise of a response that also reads the body: `await pool.get(url).json()`. */
export class PendingResponse implements Promise<PoolResponse> {
  readonly #response: Promise<PoolResponse>;

  constructor(response: Promise<PoolResponse>) {
    this.#response = response;
  }

  get [Symbol.toStringTag](): string {
    return 'PendingResponse';
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<Result = PoolResponse, Failure = never>(
    onFulfilled?: ((response: PoolResponse) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#response.then(onFulfilled, onRejected);
  }

  catch<Failure = never>(
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<PoolResponse | Failure> {
    return this.#response.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<PoolResponse> {
    return this.#response.finally(onFinally);
  }

  /** The body as JSON; see {@link PoolResponse.json}. */
  async json<T = unknown>(): Promise<T> {
    return (await this.#response).json<T>();
  }

  /** The body as UTF-8 text. */
  async text(): Promise<string> {
    return (await this.#response).text();
  }

  /** The body. */
  async bytes(): Promise<Uint8Array> {
    return (await this.#response).bytes();
  }
}
