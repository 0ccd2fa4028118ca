import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Semaphore } from '../src/index.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore.map', () => {
  it('runs no more than its permits at the same time and keeps the order', async () => {
    const semaphore = new Semaphore({ permits: 3 });
    let [running, most] = [0, 0];
    const results = await semaphore.map([5, 1, 4, 2, 3, 0], async (item, index) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < item; turn++) await settle();
      running--;
      return `${index}:${item}`;
    });

    expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3', '5:0']);
    expect(most).toBe(3);
    expect(semaphore.active).toBe(0);
  });

  it('takes from an asynchronous source only what it can run', async () => {
    const semaphore = new Semaphore({ permits: 2 });
    let [taken, finished, ahead] = [0, 0, 0];
    async function* pages(): AsyncGenerator<number> {
      while (taken < 10) {
        await settle();
        yield taken++;
        ahead = Math.max(ahead, taken - finished);
      }
    }
    const results = await semaphore.map(pages(), async (page) => {
      await settle();
      await settle();
      finished++;
      return page * 2;
    });

    expect(results).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(ahead).toBeLessThanOrEqual(2);
  });

  it('begins no more after a failure, waits for what runs, and closes the source', async () => {
    const semaphore = new Semaphore({ permits: 2 });
    const [begun, finished]: number[][] = [[], []];
    let closed = false;
    function* source(): Generator<number> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    const error = new Error('item 2');
    const mapping = semaphore.map(source(), async (item) => {
      begun?.push(item);
      await settle();
      if (item === 2) throw error;
      await settle();
      finished?.push(item);
    });

    await expect(mapping).rejects.toBe(error);
    expect(begun).toEqual(finished?.concat(2).sort());
    expect(closed).toBe(true);
    expect(semaphore.active).toBe(0);
  });

  it('passes on a failing source and a signal that aborts, and leaves no listener', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    const error = new Error('source');
    // oxlint-disable-next-line require-yield
    async function* broken(): AsyncGenerator<number> {
      throw error;
    }
    await expect(semaphore.map(broken(), () => 1)).rejects.toBe(error);

    const held = await semaphore.acquire();
    const controller = new AbortController();
    const mapping = semaphore.map([1], () => 1, { signal: controller.signal });
    await settle();
    controller.abort(error);
    await expect(mapping).rejects.toBe(error);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    held.release();
    expect(semaphore.available).toBe(1);
  });
});
