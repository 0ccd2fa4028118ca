import { classNameOf } from '@x/interfaces';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

class Box {}
class _Chest extends Box {}
class Odd {
  static readonly name: never = 5 as never;
}

describe('classNameOf', () => {
  it.each([
    [new Box(), 'Box'],
    [new _Chest(), 'Chest'],
    [new Map(), 'Map'],
    [Object.assign(new Box(), { constructor: { name: 'Other' } }), 'Box'],
    [{}, undefined],
    [{ constructor: { name: 'Other' } }, undefined],
    [runInNewContext('({})'), undefined],
    [Object.create(null), undefined],
    [new (class {})(), undefined],
    [new Odd(), undefined],
  ])('of %o is %s', (value, name) => {
    expect(classNameOf(value as object)).toBe(name);
  });
});
