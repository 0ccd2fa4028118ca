/**
 * Refuses what holds values in the place of options, such as a store, a cache or a `Map`: none of its
 * properties is an option, and so it would be overlooked.
 *
 * @param example - an object as it is written, such as `{ store }`
 * @throws TypeError when `options` has methods `get` and `set`; `get` alone is on what node-config answers
 */
export function refuseContainer(options: object, example: string): void {
  if (!hasMethod(options, 'get') || !hasMethod(options, 'set')) return;
  const kind = 'getMany' in options || 'getOrSet' in options ? 'a store or a cache' : 'a Map';
  throw new TypeError(`options must be an object such as ${example}, got ${kind}`);
}

function hasMethod(value: object, name: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';
}
