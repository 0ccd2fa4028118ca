/**
 * Refuses what holds values in the place of options, such as a store, a cache or a `Map`: none of its
 * properties is an option, and so it would be overlooked.
 *
 * @param example - an object as it is written, such as `{ store }`
 * @throws TypeError when `options` has a method `get`
 */
export function refuseContainer(options: object, example: string): void {
  if (!('get' in options) || typeof options.get !== 'function') return;
  const kind = 'getMany' in options || 'getOrSet' in options ? 'a store or a cache' : 'a Map';
  throw new TypeError(`options must be an object such as ${example}, got ${kind}`);
}
