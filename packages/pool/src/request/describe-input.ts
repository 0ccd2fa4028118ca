import { describeValue } from '@x/interfaces';

/** How a value appears in a message, with the name of its class where it has one. */
export function describeInput(value: unknown): string {
  const kind = describeValue(value);
  if (kind !== 'an object') return kind;
  const name: unknown = (value as Partial<object>).constructor?.name;
  return typeof name !== 'string' || name === '' || name === 'Object'
    ? kind
    : `${kind} of class ${name}`;
}
