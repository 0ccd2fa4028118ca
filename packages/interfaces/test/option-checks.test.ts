import { describe, expect, it } from 'vitest';
import {
  booleanOption,
  choiceOption,
  functionOption,
  numberOption,
  objectOption,
  textOption,
} from '@x/interfaces';

describe('numberOption', () => {
  it('answers the value, or the default for undefined', () => {
    expect(numberOption('ttlMs', 5, 1)).toBe(5);
    expect(numberOption('ttlMs', undefined, 1)).toBe(1);
    expect(numberOption('maxEntries', Infinity, 1, { min: 1, integer: true })).toBe(Infinity);
  });

  it('names the option, what was expected and what came', () => {
    expect(() => numberOption('ttlMs', -1, 0, { min: 0 })).toThrow(
      new RangeError('ttlMs must be a number of at least 0, got -1'),
    );
    expect(() => numberOption('rate', 0, 1, { above: 0 })).toThrow(
      new RangeError('rate must be a number above 0, got 0'),
    );
    expect(() => numberOption('ratio', 2, 1, { min: 0, max: 1 })).toThrow(
      new RangeError('ratio must be a number of at least 0 and of at most 1, got 2'),
    );
    expect(() => numberOption('permits', 1.5, 1, { integer: true })).toThrow(
      new RangeError('permits must be a whole number, got 1.5'),
    );
    expect(() => numberOption('ttlMs', '5' as never, 1)).toThrow(
      new TypeError('ttlMs must be a number, got "5"'),
    );
  });

  it('cuts a long text short', () => {
    expect(() => numberOption('ttlMs', 'x'.repeat(10_000) as never, 1)).toThrow(
      new TypeError(`ttlMs must be a number, got "${'x'.repeat(100)}…"`),
    );
  });

  it('wants an option that has no default', () => {
    expect(numberOption('ttlMs', 5, undefined)).toBe(5);
    expect(() => numberOption('ttlMs', undefined, undefined, { above: 0 })).toThrow(
      new TypeError('ttlMs must be a number above 0, got undefined'),
    );
  });

  it('never accepts NaN', () => {
    expect(() => numberOption('ttlMs', NaN, 1)).toThrow(RangeError);
  });

  it('counts Infinity as a whole number, but not -Infinity', () => {
    expect(numberOption('retries', Infinity, 1, { integer: true })).toBe(Infinity);
    expect(() => numberOption('retries', -Infinity, 1, { integer: true })).toThrow(
      new RangeError('retries must be a whole number, got -Infinity'),
    );
  });
});

describe('choiceOption', () => {
  it('answers the value, or the default for undefined', () => {
    expect(choiceOption('backend', 'b', 'a', ['a', 'b'])).toBe('b');
    expect(choiceOption('backend', undefined, 'a', ['a', 'b'])).toBe('a');
  });

  it('lists the choices', () => {
    expect(() => choiceOption('backend', 'redis' as never, 'memory', ['memory', 'sqlite'])).toThrow(
      new TypeError('backend must be one of "memory", "sqlite", got "redis"'),
    );
  });
});

describe('textOption', () => {
  it('refuses an empty string and what is no string', () => {
    expect(textOption('name', undefined, 'x')).toBe('x');
    expect(textOption('name', 'y', 'x')).toBe('y');
    expect(() => textOption('name', '', 'x')).toThrow(/name must be a string .*, got ""/);
    expect(() => textOption('name', {} as never, 'x')).toThrow(/got an object/);
    expect(() => textOption('name', Promise.resolve('') as never, 'x')).toThrow(/got a promise/);
  });
});

describe('booleanOption', () => {
  it('answers the value, or the default for undefined', () => {
    expect(booleanOption('stats', false, true)).toBe(false);
    expect(booleanOption('stats', undefined, true)).toBe(true);
  });

  it.each([
    ['false', '"false"'],
    [0, '0'],
    [null, 'null'],
  ])('does not take %j for one', (value, got) => {
    expect(() => booleanOption('stats', value as never, true)).toThrow(
      new TypeError(`stats must be true or false, got ${got}`),
    );
  });
});

describe('functionOption', () => {
  it('answers the value, or the default for undefined', () => {
    const random = (): number => 0;
    expect(functionOption('random', random, Math.random)).toBe(random);
    expect(functionOption('random', undefined, Math.random)).toBe(Math.random);
    expect(functionOption('key', undefined)).toBeUndefined();
  });

  it('refuses what cannot be called', () => {
    expect(() => functionOption('random', 0.5 as never, Math.random)).toThrow(
      new TypeError('random must be a function, got 0.5'),
    );
  });
});

describe('objectOption', () => {
  it('answers an object', () => {
    const options = {};
    expect(objectOption('options', options, '{ ttlMs }')).toBe(options);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [500, '500'],
    [() => {}, 'a function'],
  ])('shows how one is written where %o came', (value, got) => {
    expect(() => objectOption('options', value as never, '{ ttlMs }')).toThrow(
      new TypeError(`options must be an object such as { ttlMs }, got ${got}`),
    );
  });
});
