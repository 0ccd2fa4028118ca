/** Whether `value` is a class, which cannot be called. */
export function isClass(value: unknown): value is abstract new () => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
