/** Can be awaited, and runs each time that it is, as the queries of some libraries do. */
export class Query implements PromiseLike<number> {
  readonly #run: () => Promise<number> | number;

  constructor(run: () => Promise<number> | number) {
    this.#run = run;
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<Result = number, Failure = never>(
    onFulfilled?: ((value: number) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return Promise.resolve(this.#run()).then(onFulfilled, onRejected);
  }
}

/** A promise that can do more. */
export class PendingBody extends Promise<string> {
  async json(): Promise<unknown> {
    return JSON.parse(await this);
  }
}
