import { type Awaitable, isThenable } from '@x/interfaces';

/** All answers: at once where they are all there. */
export function together<T>(answers: readonly Awaitable<T>[]): Awaitable<T[]> {
  const [only] = answers;
  if (answers.length === 1 && isThenable(only)) return only.then((answer) => [answer]);
  const isLate = answers.some((answer) => isThenable(answer));
  return isLate ? Promise.all(answers.map((answer) => Promise.resolve(answer))) : (answers as T[]);
}
