import { describeValue } from '@x/interfaces';

/**
 * A key for the arguments of a call, different for different arguments. It is the text by which `cached` of
 * `@x/decorators` keeps them, which takes other arguments as well.
 *
 * @throws TypeError for an argument that is no primitive, or a symbol
 */
export function argumentsKey(...args: readonly unknown[]): string {
  return args.length === 1 ? partOf(args[0]) : args.map(partOf).join(',');
}

function partOf(arg: unknown): string {
  switch (typeof arg) {
    case 'string':
      return /["\\]/.test(arg) ? JSON.stringify(arg) : `"${arg}"`;
    case 'number':
      return Object.is(arg, -0) ? '-0' : String(arg);
    case 'bigint':
      return `${arg}n`;
    case 'boolean':
    case 'undefined':
      return String(arg);
    case 'object':
      if (arg === null) return 'null';
      break;
    case 'symbol':
    case 'function':
  }
  throw new TypeError(
    `arguments must be primitives unless there is a key, got ${describeValue(arg)}`,
  );
}
