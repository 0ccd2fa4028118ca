/** `error` of a dispatcher, which does not know how many attempts came before. */
export function countAttempts<E extends Error>(error: E, attempts: number): E {
  return 'attempts' in error ? Object.assign(error, { attempts }) : error;
}
