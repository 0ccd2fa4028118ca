/** What the polyfill reflect-metadata adds to `Reflect` in programs that load it. */
interface MetadataReflect {
  getOwnMetadataKeys(target: object): unknown[];
  getOwnMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}

/**
 * Gives `to` what other decorators have said of `from`: frameworks such as Nest keep routes and roles as
 * metadata of the function, and look for them at whatever has taken its place.
 */
export function copyReflectedMetadata(from: object, to: object): void {
  if (!('getOwnMetadataKeys' in Reflect)) return;
  const reflect = Reflect as unknown as MetadataReflect;
  for (const key of reflect.getOwnMetadataKeys(from)) {
    reflect.defineMetadata(key, reflect.getOwnMetadata(key, from), to);
  }
}
