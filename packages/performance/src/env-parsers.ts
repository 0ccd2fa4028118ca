/** Reads the text of a variable. @throws TypeError whose message says what was expected */
export type Parse = (text: string) => unknown;

export const number: Parse = (text) => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(value)) throw new TypeError('a number');
  return value;
};

export const numbers: Parse = (list) => {
  const values = list.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
  if (values.some((value) => Number.isNaN(value))) throw new TypeError('numbers apart by commas');
  return values;
};

const switches: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);

export const boolean: Parse = (text) => {
  const value = switches.get(text.toLowerCase());
  if (value === undefined) throw new TypeError('true, on, false or off');
  return value;
};

export const text: Parse = (value) => value;

export const booleanOrText: Parse = (value) => switches.get(value.toLowerCase()) ?? value;
