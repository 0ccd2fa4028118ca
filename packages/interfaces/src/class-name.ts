/** The name of the class of `value`, as its source has it; `undefined` for a plain object. */
export function classNameOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as Partial<object> | null;
  const name: unknown = prototype?.constructor?.name;
  if (typeof name !== 'string' || name === '' || name === 'Object') return undefined;
  // Compilers put an underscore before the name of a class that mentions itself.
  return name.replace(/^_/, '');
}
