/** A promise of what a function answered. Its own promise stays as it is, which is the usual case. */
export function asPromise(answer: unknown): Promise<unknown> {
  return answer instanceof Promise ? answer : Promise.resolve(answer);
}

/** Whether `answer` can be awaited: a promise, also of another realm, or what behaves like one. */
export function isThenable(answer: unknown): boolean {
  if (answer instanceof Promise) return true;
  return (
    (typeof answer === 'object' || typeof answer === 'function') &&
    typeof (answer as PromiseLike<unknown> | null)?.then === 'function'
  );
}
