import { classNameOf, describeValue } from '@x/interfaces';

/** How a value appears in a message, with the name of its class where it has one. */
export function describeInput(value: unknown): string {
  const kind = describeValue(value);
  if (kind !== 'an object') return kind;
  const name = classNameOf(value as object);
  return name === undefined ? kind : `${kind} of class ${name}`;
}

/** How what is content appears in a message: a text, which may hold a secret, is not told. */
export function describeContent(value: unknown): string {
  return typeof value === 'string' ? 'a string' : describeInput(value);
}

/** How what is no URL that will do appears in a message, where user, password, query and fragment have no place. */
export function describeUrl(value: unknown): string {
  if (typeof value !== 'string') return describeInput(value);
  const withoutUser = value.replace(/^([a-z][a-z\d+.-]*:[\\/]*|[\\/]{2}).*@/is, '$1');
  return describeValue(withoutUser.replace(/[?#].*/s, ''));
}
