import { describeError, isThenable } from '@x/interfaces';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

describe('isThenable', () => {
  it.each([
    ['a promise', Promise.resolve()],
    ['a promise of another realm', runInNewContext('Promise.resolve()')],
    // oxlint-disable-next-line unicorn/no-thenable -- what is tested
    ['an object with then', { then: () => {} }],
  ])('finds %s', (_what, answer) => {
    expect(isThenable(answer)).toBe(true);
  });

  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  it.each([undefined, null, 5, 'text', {}, { then: true }])('does not find %j', (answer) => {
    expect(isThenable<unknown>(answer)).toBe(false);
  });
});

describe('describeError', () => {
  it.each<[string, unknown]>([
    ['no', new Error('no')],
    ['AggregateError', new AggregateError([new Error('a')])],
    ['text', 'text'],
    ['undefined', undefined],
  ])('says %s', (text, error) => {
    expect(describeError(error)).toBe(text);
  });
});
