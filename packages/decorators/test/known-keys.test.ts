import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownKeys } from '../src/keys/known-keys.ts';

describe('KnownKeys', () => {
  it('keeps a thousand, and starts anew only after many more were asked for', () => {
    const keys = new KnownKeys();
    const keep = (from: number, to: number): void => {
      for (let id = from; id < to; id++) keys.keep(`${id}`, '', `f:"${id}"`);
    };
    keep(0, 1_000);
    expect([keys.find('0', ''), keys.find('999', '')]).toEqual(['f:"0"', 'f:"999"']);
    keep(1_000, 4_999);
    expect([keys.find('999', ''), keys.find('4998', '')]).toEqual(['f:"999"', undefined]);
    keep(4_999, 5_100);
    expect([keys.find('999', ''), keys.find('5099', '')]).toEqual([undefined, 'f:"5099"']);
  });

  it('never takes one number for another', () => {
    const anyNumber = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -5_000, max: 5_000 }));
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 1, maxLength: 200 }), (numbers) => {
        const keys = new KnownKeys();
        for (const number of numbers) keys.keep(number, '', `f:${number}`);
        for (const number of [...numbers, ...numbers]) {
          expect(keys.find(number, '')).toBe(`f:${number}`);
        }
      }),
    );
  });

  it('keeps the scope that asked last', () => {
    const keys = new KnownKeys();
    for (const argument of ['a', 1]) {
      keys.keep(argument, '#1', 'f:1');
      keys.keep(argument, '#2', 'f:2');
      expect([keys.find(argument, '#1'), keys.find(argument, '#2')]).toEqual([undefined, 'f:2']);
    }
  });
});
