/** A longer copy of `array`, with `fill` in the new places. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(
  array: T,
  length: number,
  fill = 0,
): T {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array);
  if (fill !== 0) longer.fill(fill, array.length);
  return longer;
}
