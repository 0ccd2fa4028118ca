import { describe, expect, it } from 'vitest';
import { checkOptionNames, type OptionNames, pickOptions } from '@x/interfaces';

interface Options {
  readonly key?: string;
  readonly name?: string;
  readonly maxEntries?: number;
  readonly staleIfErrorMs?: number;
}

const names: OptionNames<Options> = {
  known: { key: true, name: true, maxEntries: true, staleIfErrorMs: true },
  misnamed: { ttl: 'ttlMs, in milliseconds', max: 'maxEntries' },
};

/** What is said of these options, as JavaScript may give them. */
function check(options: object): string {
  try {
    checkOptionNames(options, names);
    return 'taken';
  } catch (error) {
    return String(error);
  }
}

const refused = (name: string, meant: string): string =>
  `TypeError: ${name} is not an option; did you mean ${meant}?`;

describe('checkOptionNames', () => {
  it('names what came under the name of others and what it is here', () => {
    expect(check({ maxEntries: 5, max: 10 })).toBe(
      'TypeError: max is not an option; it is maxEntries',
    );
  });

  it.each([
    ['neighbours in each other’s place', 'maxEntires'],
    ['a letter that is missing', 'maxEntrie'],
    ['a letter too many', 'maxEntriess'],
    ['another letter', 'maxEntrkes'],
    ['another case', 'maxentries'],
    ['another case and an edit', 'MaxEntires'],
  ])('refuses %s', (_what, name) => {
    expect(check({ [name]: 5 })).toBe(refused(name, 'maxEntries'));
  });

  it('answers what is nearest of several', () => {
    const known = { softTimeoutMs: true, hardTimeoutMs: true, timeoutRatio: true } as const;
    const refusal = (options: object): (() => void) => {
      return () => checkOptionNames(options, { known });
    };

    expect(refusal({ hardTimeoutM: 5 })).toThrow('did you mean hardTimeoutMs?');
    expect(refusal({ timeout: 5 })).toThrow(
      'did you mean softTimeoutMs, hardTimeoutMs or timeoutRatio?',
    );
  });

  it('lists the options where none is near', () => {
    expect(check({ maxEntries: 5, colour: 'red' })).toBe(
      'TypeError: colour is not an option; there are key, name, maxEntries and staleIfErrorMs',
    );
    expect(() => checkOptionNames<object>({ colour: 'red' }, { known: { key: true } })).toThrow(
      new TypeError('colour is not an option; the only one is key'),
    );
  });

  it.each(['constructor', 'toString', '__proto__', ''])('refuses the name %j', (name) => {
    expect(check(Object.fromEntries([[name, 5]]))).toContain('TypeError: ');
  });

  it('lets through what every component may be given, and what is undefined', () => {
    const shared = { clock: {}, logger: console, meter: {}, ttl: undefined, maxEntires: undefined };
    expect(check({ ...shared, maxEntries: 5 })).toBe('taken');
  });

  it.each([
    [[5], 'an array'],
    [Promise.resolve(), 'a promise'],
    [AbortSignal.timeout(1_000), 'an AbortSignal'],
  ])('refuses what cannot hold options: %o', (wrong, kind) => {
    expect(check(wrong)).toBe(`TypeError: options must be an object such as { key }, got ${kind}`);
  });

  it('says where a signal goes', () => {
    const known = { timeoutMs: true, signal: true } as const;
    const signal: object = AbortSignal.timeout(1_000);

    expect(() => checkOptionNames(signal, { known })).toThrow(
      new TypeError('options must be an object such as { signal }, got an AbortSignal'),
    );
  });

  it('tells a component that stands in the place of its options', () => {
    class _Limiter {
      readonly queue = [];
      readonly key = 'a';
    }
    expect(check(new _Limiter())).toBe(
      'TypeError: options must be an object such as { key }, got one of class Limiter; queue is not an option',
    );
    class Config {
      readonly maxEntires = 5;
    }
    expect(check(new Config())).toBe(refused('maxEntires', 'maxEntries'));
    expect(check(Object.assign(Object.create(null), { colour: 5 }))).toContain('there are key,');
  });

  it('says a name of another world in one short line', () => {
    const long = 'maxEntries'.repeat(100_000);
    expect(check({ [long]: 5 })).toMatch(/^TypeError: "(maxEntries){10}…" is not an option; there/);
    expect(check({ 'max\nEntires': 5 })).toMatch(/^TypeError: "max\\nEntires" is not an option/);
    expect(check({ '': 5 })).toMatch(/^TypeError: "" is not an option/);
  });

  it('does not see what a library has added to all objects', () => {
    const everywhere = Object.prototype as { ttl?: number };
    everywhere.ttl = 5;
    try {
      expect(check({ maxEntries: 5 })).toBe('taken');
      expect(check({ ttl: 5 })).toBe(
        'TypeError: ttl is not an option; it is ttlMs, in milliseconds',
      );
    } finally {
      delete everywhere.ttl;
    }
  });

  it('sees what options inherit', () => {
    expect(check(Object.create({ maxEntires: 5 }) as object)).toBe(
      refused('maxEntires', 'maxEntries'),
    );
  });
});

describe('OptionNames', () => {
  it('has every option, and no other', () => {
    // @ts-expect-error: staleIfErrorMs is missing
    const lacks: OptionNames<Options> = { known: { key: true, name: true, maxEntries: true } };
    const all = { key: true, name: true, maxEntries: true, staleIfErrorMs: true } as const;
    // @ts-expect-error: there is no option colour
    const hasOther: OptionNames<Options> = { known: { ...all, colour: true } };
    expect([lacks, hasOther]).toHaveLength(2);
  });
});

describe('pickOptions', () => {
  it('answers those that are named, and no other', () => {
    const options: Options = { key: 'a', maxEntries: 5 };
    const picked = pickOptions(options, { key: true, name: true });
    expect(picked).toEqual({ key: 'a', name: undefined });
    expect(picked).not.toHaveProperty('maxEntries');
  });
});
