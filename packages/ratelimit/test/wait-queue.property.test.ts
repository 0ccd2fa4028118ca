import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Wake } from '../src/queue/lane.ts';
import { type QueueOrder, WaitQueue } from '../src/queue/wait-queue.ts';
import { Waiter } from '../src/queue/waiter.ts';

const waiter = (priority: number, permits: number): Waiter =>
  new Waiter({ permits, priority, since: 0, timeoutMs: Infinity, signal: undefined }, () => {});

const step = fc.oneof(
  fc.record({
    kind: fc.constant('wait' as const),
    priority: fc.integer({ min: -2, max: 2 }),
    permits: fc.integer({ min: 1, max: 3 }),
    plain: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('shift' as const, 'oldest' as const, 'newest' as const) }),
  fc.record({ kind: fc.constant('remove' as const), index: fc.nat(50) }),
);

describe('WaitQueue, for any sequence of calls', () => {
  it('does as a sorted list does', () => {
    const orders = fc.constantFrom<QueueOrder>('fifo', 'lifo');
    fc.assert(
      fc.property(orders, fc.array(step, { maxLength: 200 }), (order, steps) => {
        const queue = new WaitQueue(order);
        const model: { entry: Entry; priority: number; permits: number }[] = [];
        const take = (entry: Entry | undefined, wake: () => Wake): void => {
          if (entry === undefined) return;
          expect(wake()).toBeTypeOf('function');
          model.splice(
            model.findIndex((one) => one.entry === entry),
            1,
          );
        };
        const ofPriority = (priority: number | undefined): Entry[] =>
          model.filter((one) => one.priority === priority).map(({ entry }) => entry);
        for (const one of steps) {
          const priorities = model.map(({ priority }) => priority);
          const highest = ofPriority(Math.max(...priorities));
          const lowest = ofPriority(Math.min(...priorities));
          const head = highest.at(order === 'fifo' ? 0 : -1);
          expect(queue.head()).toBe(head);
          expect(queue.lowest('oldest')).toBe(lowest.at(0));
          expect(queue.lowest('newest')).toBe(lowest.at(-1));
          expect(queue.size).toBe(model.length);
          if (one.kind === 'wait') {
            const [priority, permits] = one.plain ? [0, 1] : [one.priority, one.permits];
            const entry = one.plain ? (): void => {} : waiter(priority, permits);
            void queue.wait(entry);
            model.push({ entry, priority, permits });
          } else if (one.kind === 'shift') {
            take(head, () => queue.shift());
          } else if (one.kind === 'remove') {
            const { entry } = model[one.index] ?? {};
            if (entry instanceof Waiter) take(entry, () => queue.remove(entry) as Wake);
          } else {
            const which = one.kind;
            take(lowest.at(which === 'oldest' ? 0 : -1), () => queue.dropLowest(which));
          }
        }

        for (const priority of [-2, 0, 1]) {
          const ahead = model.filter((one) => one.priority >= priority);
          expect(queue.permitsAhead(priority)).toBe(
            ahead.reduce((sum, { permits }) => sum + permits, 0),
          );
        }
        const sorted = model.toSorted((one, other) => other.priority - one.priority);
        expect(queue.entries()).toEqual(sorted.map(({ entry }) => entry));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its memory when all but a few of very many leave early', () => {
    const queue = new WaitQueue();
    const first = waiter(0, 1);
    void queue.wait(first);
    for (let count = 0; count < 100_000; count++) {
      const one = waiter(0, 1);
      void queue.wait(one);
      expect(queue.remove(one)).toBeDefined();
    }

    expect(queue.size).toBe(1);
    expect(queue.head()).toBe(first);
    expect(queue.remove(first)).toBeDefined();
    expect(queue.remove(first)).toBeUndefined();
  });
});
