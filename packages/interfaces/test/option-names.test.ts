import { describe, expect, it } from 'vitest';
import { checkOptionNames, type OptionNames, refuseMisnamed } from '@x/interfaces';

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

  it.each([
    ['staleIfError', true],
    ['staleIfErorrsMs', true],
    ['staleIfErr', false],
    ['maxEtnires', false],
  ])('lets a long name alone have two edits: %s', (name, isRefused) => {
    expect(check({ [name]: 5 })).toBe(isRefused ? refused(name, 'staleIfErrorMs') : 'taken');
  });

  it.each([
    ['Key', 'key'],
    ['keys', undefined],
    ['ky', undefined],
  ])('lets a name of three letters differ in case alone: %s', (name, meant) => {
    expect(check({ [name]: 5 })).toBe(meant === undefined ? 'taken' : refused(name, meant));
  });

  it.each([
    ['anme', 'name'],
    ['nmae', 'name'],
    ['nnAme', 'name'],
    ['namee', 'name'],
    ['game', undefined],
    ['names', undefined],
    ['nme', undefined],
    ['nsme', undefined],
    ['axEntries', 'maxEntries'],
  ])('takes a short name with other letters for another word: %s', (name, meant) => {
    expect(check({ [name]: 5 })).toBe(meant === undefined ? 'taken' : refused(name, meant));
  });

  it.each([
    ['status', 'stats'],
    ['state', 'stats'],
    ['stat', 'stats'],
    ['close', 'clone'],
    ['timers', 'tiers'],
    ['from', 'form'],
  ])('does not take %s for %s', (word, option) => {
    const options: object = { [word]: 5 };
    expect(() => checkOptionNames(options, { known: { [option]: true } })).not.toThrow();
  });

  it('answers the nearest of several', () => {
    const known = { softTimeoutMs: true, hardTimeoutMs: true, cardTimeoutMs: true } as const;
    const options: object = { cardTimeoutM: 5 };

    expect(() => checkOptionNames(options, { known })).toThrow('did you mean cardTimeoutMs?');
  });

  it('lets other unknown names through, and what is undefined', () => {
    const shared = { maxEntries: 5, colour: 'red', ttl: undefined, maxEntires: undefined };
    expect(check(shared)).toBe('taken');
    expect(check({ constructor: 5, toString: 5, ['__proto__']: 5, '': 5 })).toBe('taken');
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

describe('refuseMisnamed', () => {
  const misnamed = { ttl: 'ttlMs, in milliseconds', max: 'maxEntries' };

  it('names what came and what it is here', () => {
    expect(() => refuseMisnamed({ ttl: 60 }, misnamed)).toThrow(
      new TypeError('ttl is not an option; it is ttlMs, in milliseconds'),
    );
  });

  it('lets every other name through, and what is undefined', () => {
    const shared = { ttlMs: 5, maxEntires: 5, ttl: undefined };
    expect(() => refuseMisnamed(shared, misnamed)).not.toThrow();
  });
});
