/** A promise of what a function answered. Its own promise stays as it is, which is the usual case. */
export function asPromise(answer: unknown): Promise<unknown> {
  return answer instanceof Promise ? answer : Promise.resolve(answer);
}
