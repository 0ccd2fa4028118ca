/** A signal whose controller is made when somebody asks for it. */
export class LazySignal {
  #controller: AbortController | undefined;
  #isAborted = false;
  #reason: unknown;

  get(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
