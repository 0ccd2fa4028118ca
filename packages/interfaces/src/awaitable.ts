/** `T`, at once or later. Test for a promise before you await it on a hot path. */
export type Awaitable<T> = T | Promise<T>;
