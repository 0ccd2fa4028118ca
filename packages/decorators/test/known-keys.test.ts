import { describe, expect, it } from 'vitest';
import { KnownKeys } from '../src/known-keys.ts';

describe('KnownKeys', () => {
  it('keeps a thousand, and starts anew only after many more were asked for', () => {
    const keys = new KnownKeys();
    const keep = (from: number, to: number): void => {
      for (let argument = from; argument < to; argument++) keys.keep(argument, '', `f:${argument}`);
    };
    keep(0, 1_000);
    expect([keys.find(0, ''), keys.find(999, '')]).toEqual(['f:0', 'f:999']);
    keep(1_000, 4_999);
    expect([keys.find(999, ''), keys.find(4_998, '')]).toEqual(['f:999', undefined]);
    keep(4_999, 5_100);
    expect([keys.find(999, ''), keys.find(5_099, '')]).toEqual([undefined, 'f:5099']);
  });

  it('keeps the scope that asked last', () => {
    const keys = new KnownKeys();
    keys.keep('a', '#1', 'f:"a"#1');
    keys.keep('a', '#2', 'f:"a"#2');
    expect([keys.find('a', '#1'), keys.find('a', '#2')]).toEqual([undefined, 'f:"a"#2']);
  });
});
