import type { Awaitable } from '@x/interfaces';

/** Tells an answer that comes later from one that is there. */
export function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as Promise<T> | undefined)?.then === 'function';
}

/** All answers: at once where they are all there. */
export function together<T>(answers: readonly Awaitable<T>[]): Awaitable<T[]> {
  const [only] = answers;
  if (answers.length === 1 && isPromise(only)) return only.then((answer) => [answer]);
  const isLate = answers.some((answer) => isPromise(answer));
  return isLate ? Promise.all(answers.map((answer) => Promise.resolve(answer))) : (answers as T[]);
}
