import { choiceOption, describeValue, numberOption, type NumberRange } from '@x/interfaces';

/**
 * Reads the text of an environment variable.
 *
 * @throws TypeError or RangeError that names the variable, what was expected and what came
 */
export type ReadVariable = (variable: string, text: string) => unknown;

function wrong(variable: string, expected: string, text: string): TypeError {
  return new TypeError(`${variable} must be ${expected}, got ${describeValue(text)}`);
}

function parseNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

export function numberVariable(range: NumberRange): ReadVariable {
  return (variable, text) => {
    const value = parseNumber(text);
    if (Number.isNaN(value)) throw wrong(variable, 'a number', text);
    return numberOption(variable, value, value, range);
  };
}

/** Ascending numbers apart by commas. */
export const bucketsVariable: ReadVariable = (variable, text) => {
  const values = text.split(',').map(parseNumber);
  const ascend = values.every((value, index) => value > (values[index - 1] ?? -Infinity));
  if (!ascend) throw wrong(variable, 'ascending numbers apart by commas', text);
  return values;
};

export function choiceVariable(allowed: readonly string[]): ReadVariable {
  return (variable, text) => choiceOption(variable, text, text, allowed);
}

const switches: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);

export function switchVariable(variable: string, text: string): boolean {
  const value = switches.get(text.toLowerCase());
  if (value === undefined) throw wrong(variable, 'true, on, false or off', text);
  return value;
}

/** A switch, or one of `allowed`. */
export function switchOrChoiceVariable(allowed: readonly string[]): ReadVariable {
  return (variable, text) => {
    const value = switches.get(text.toLowerCase()) ?? text;
    if (typeof value === 'boolean' || allowed.includes(value)) return value;
    throw wrong(variable, `true, on, false, off, ${allowed.join(' or ')}`, text);
  };
}

export const textVariable: ReadVariable = (_variable, text) => text;

/** A whole URL, or one of the words in `words`. */
export function urlVariable(...words: readonly string[]): ReadVariable {
  return (variable, text) => {
    if (words.includes(text) || URL.canParse(text)) return text;
    throw wrong(variable, ['a URL', ...words.map((word) => `"${word}"`)].join(' or '), text);
  };
}
