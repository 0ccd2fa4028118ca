import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkedList, type ListPlace } from '../src/dispatcher/linked-list.ts';

describe('LinkedList', () => {
  it('behaves like an array from which values leave', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('push', 'shift', 'remove'), fc.nat(50)));
    const property = fc.property(steps, (script) => {
      const list = new LinkedList<number>();
      let model: ListPlace<number>[] = [];
      let added = 0;
      const seen: unknown[] = [];
      const expected: unknown[] = [];
      for (const [kind, n] of script) {
        const place = model[n % Math.max(1, model.length)];
        if (kind === 'push') {
          model.push(list.push(added++));
        } else if (kind === 'shift') {
          seen.push(list.shift());
          expected.push(model.shift()?.value);
        } else if (place !== undefined) {
          seen.push(list.remove(place), list.remove(place));
          expected.push(true, false);
          model = model.filter((other) => other !== place);
        }
        seen.push(list.size, list.first, list.last);
        expected.push(model.length, model[0]?.value, model.at(-1)?.value);
      }
      expect(seen).toEqual(expected);
    });
    fc.assert(property);
  });

  it('leaves places of another list alone', () => {
    const place = new LinkedList<number>().push(1);
    const list = new LinkedList<number>();
    list.push(1);

    expect(list.remove(place)).toBe(false);
    expect(list.size).toBe(1);
  });
});
