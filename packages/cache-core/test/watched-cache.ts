import { MemoryCache, type RemovalReason } from '../src/index.ts';

/** A cache that writes down what left it. */
export function watched(options: object = {}): {
  cache: MemoryCache;
  removed: [string, unknown, RemovalReason][];
} {
  const removed: [string, unknown, RemovalReason][] = [];
  const cache = new MemoryCache({
    ...options,
    onRemove: (key, value, reason) => removed.push([key, value, reason]),
  });
  return { cache, removed };
}
