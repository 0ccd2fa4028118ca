import { describeValue } from '@x/interfaces';

/** Begins every key but that of a single string, which is its own key. */
const mark = '\0';

/**
 * A key for the arguments of a call, different for different arguments; `0` and `-0` are the same.
 *
 * @throws TypeError for an argument that is no primitive, or a symbol
 */
export function argumentsKey(...args: readonly unknown[]): string {
  if (args.length === 1) {
    const [only] = args;
    if (typeof only === 'string' && !only.startsWith(mark)) return only;
  }
  let key = mark;
  for (const arg of args) key += partOf(arg);
  return key;
}

function partOf(arg: unknown): string {
  switch (typeof arg) {
    case 'string':
      return `s${arg.length}:${arg}`;
    case 'number':
      return `n${arg};`;
    case 'bigint':
      return `i${arg};`;
    case 'boolean':
      return arg ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      if (arg === null) return 'l';
      break;
    case 'symbol':
    case 'function':
  }
  throw new TypeError(
    `arguments must be primitives unless there is a key, got ${describeValue(arg)}`,
  );
}
