import type { Awaitable } from './awaitable.ts';

/** Whether `answer` comes later: a promise, also of another realm, or what behaves like one. */
export function isThenable<T>(answer: Awaitable<T>): answer is Promise<T> {
  return typeof (answer as Promise<T> | null | undefined)?.then === 'function';
}
