import { inspect } from 'node:util';
import { inspectable } from '@x/interfaces';
import { describe, expect, it } from 'vitest';

class Box {
  readonly inside: object = { large: true };
  readonly #facts: () => object;

  constructor(facts: () => object) {
    this.#facts = facts;
    inspectable(this, this.#shown);
  }

  #shown(this: void, self: Box): object {
    return self.#facts();
  }
}

describe('inspectable', () => {
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

  it('has the facts in JSON, also inside other objects and without the fields', () => {
    const box = new Box(() => ({ name: 'a', entries: 3 }));
    expect(JSON.stringify({ box })).toBe('{"box":{"name":"a","entries":3}}');
    const broken = new Box(() => {
      throw new Error('closed');
    });
    expect(JSON.stringify(broken)).toBe('{}');
  });

  it('leaves a class that has a JSON of its own as it is', () => {
    class Dump extends Box {
      toJSON(): string {
        return 'dumped';
      }
    }
    const dump = new Dump(() => ({ entries: 3 }));
    expect(JSON.stringify(dump)).toBe('"dumped"');
    expect(inspect(dump)).toBe('Dump { entries: 3 }');
  });

  it('shows a plain object by its facts, and changes no other', () => {
    const plain = { inside: 5 };
    const bare = Object.assign(Object.create(null) as object, { inside: 5 });
    for (const one of [plain, bare]) {
      inspectable(one, () => ({ entries: 3 }));
      expect(inspect(one)).toContain('{ entries: 3 }');
      expect(JSON.stringify(one)).toBe('{"entries":3}');
    }
    expect(JSON.stringify({ inside: 5 })).toBe('{"inside":5}');
  });

  it('leaves a class that shows itself as it is, but for its JSON', () => {
    class Label {
      readonly inside = 5;
      constructor() {
        inspectable(this, () => ({ entries: 3 }));
      }
      [inspect.custom](): string {
        return 'a label';
      }
    }
    expect(inspect(new Label())).toBe('a label');
    expect(JSON.stringify(new Label())).toBe('{"entries":3}');
  });

  it('makes an object of a class that is frozen', () => {
    class Safe {
      constructor() {
        inspectable(this, () => ({ entries: 3 }));
      }
    }
    Object.freeze(Safe.prototype);
    expect(inspect(new Safe())).toBe('Safe {}');
  });

  it('adds nothing that a loop or a comparison sees', () => {
    const box = new Box(() => ({}));
    expect(Reflect.ownKeys(box)).toEqual(['inside']);
    expect(Object.keys(Box.prototype)).toEqual([]);
  });

  it('shows a class whose name is no text as an object', () => {
    class Odd extends Box {
      static override readonly name: never = 5 as never;
    }
    expect(inspect(new Odd(() => ({ entries: 3 })))).toContain('{ entries: 3 }');
  });
});
