import { inspect } from 'node:util';
import { inspected } from '@x/interfaces';
import { describe, expect, it } from 'vitest';

class Box {
  readonly inside: object = { large: true };
  readonly #facts: () => object;

  constructor(facts: () => object) {
    this.#facts = facts;
  }

  [inspect.custom](): object {
    return inspected(this, () => this.#facts());
  }
}

describe('inspected', () => {
  it('shows the class and the facts instead of the fields', () => {
    expect(inspect(new Box(() => ({ name: 'a', entries: 3 })))).toBe(
      "Box { name: 'a', entries: 3 }",
    );
    class _Chest extends Box {}
    expect(inspect(new _Chest(() => ({ name: 'a' })))).toBe("Chest { name: 'a' }");
    class Crate extends Box {}
    expect(inspect(new Crate(() => ({ name: 'a' })))).toBe("Crate { name: 'a' }");
  });

  it('keeps to depth and indentation inside other objects', () => {
    const wide = new Box(() => ({ first: 'a'.repeat(40), second: 'b'.repeat(40) }));
    expect(inspect({ box: { wide } }, { depth: 1 })).toBe('{ box: { wide: [Box] } }');
    expect(inspect({ wide })).toBe(
      `{\n  wide: Box {\n    first: '${'a'.repeat(40)}',\n    second: '${'b'.repeat(40)}'\n  }\n}`,
    );
  });

  it('throws nothing where the facts cannot be had', () => {
    const broken = new Box(() => {
      throw new Error('closed');
    });
    expect(inspect(broken)).toBe('Box {}');
    expect(inspect(Box.prototype)).toBeTypeOf('string');
    expect(inspect(Object.create(Box.prototype))).toBe('Box {}');
  });

  it('shows a class whose name is no text as an object', () => {
    class Odd extends Box {
      static override readonly name: never = 5 as never;
    }
    expect(inspect(new Odd(() => ({ entries: 3 })))).toContain('{ entries: 3 }');
  });
});
