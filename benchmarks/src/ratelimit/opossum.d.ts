/** What we use of opossum, which has no types of its own. */
declare module 'opossum' {
  export default class CircuitBreaker<Args extends unknown[], R> {
    constructor(action: (...args: Args) => Promise<R>, options?: { timeout?: number | false });
    fire(...args: Args): Promise<R>;
  }
}
