import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { cached } from '@x/decorators';
import { SyncMapCache } from './doubles.ts';
import { Query } from './thenables.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('cached(syncCache)(asyncFn)', () => {
  it('shares what can be awaited and is no promise as a promise, and forgets it when it rejects', async () => {
    const cache = new SyncMapCache();
    let queries = 0;
    const query = cached(cache)(function query(id: number): Query {
      return new Query(() => (++queries === 1 ? Promise.reject(new Error('once')) : id));
    });
    expectTypeOf(query).toEqualTypeOf<(id: number) => Promise<number>>();

    await expect(query(7)).rejects.toThrow('once');
    expect(cache.has('query:7')).toBe(false);
    expect(await Promise.all([query(7), query(7)])).toEqual([7, 7]);
    expect(queries).toBe(2);
  });

  it('does not count a read when a promise rejects', async () => {
    const cache = new SyncMapCache();
    const get = vi.spyOn(cache, 'get');
    const fail = cached(cache)(async function fail() {
      throw new Error('no');
    });
    const answer = fail();
    get.mockClear();

    await expect(answer).rejects.toThrow('no');
    expect(get).not.toHaveBeenCalled();
    expect(cache.has('fail:')).toBe(false);
  });

  it('keeps what took the place of a promise that rejects later', async () => {
    const cache = new SyncMapCache();
    const loads: PromiseWithResolvers<string>[] = [];
    const load = cached(cache)(async function load() {
      const deferred = Promise.withResolvers<string>();
      loads.push(deferred);
      return deferred.promise;
    });
    const old = load();
    cache.delete('load:');
    const newer = load();
    loads[0]?.reject(new Error('old'));
    await expect(old).rejects.toThrow('old');
    expect(load()).toBe(newer);

    const peekable = Object.assign(new SyncMapCache(), {
      peek: (key: string): unknown => peekable.get(key),
    });
    const failing = cached(peekable)(async function failing() {
      throw new Error('old');
    })();
    peekable.set('failing:', 'put by hand');
    await expect(failing).rejects.toThrow('old');
    expect(peekable.get('failing:')).toBe('put by hand');
  });

  it('reports a rejection that nobody handles, and only that', async () => {
    const unhandled = vi.fn();
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', unhandled);
    const error = new Error('nobody looks');
    const fail = cached(new SyncMapCache())(async function fail() {
      throw error;
    });

    await fail().catch(() => {});
    await nextTurn();
    const handled = unhandled.mock.calls.length;
    void fail();
    await nextTurn();
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);

    expect(handled).toBe(0);
    expect(unhandled.mock.calls.map(([reason]) => reason as Error)).toEqual([error]);
  });

  it('keeps undefined', () => {
    const fn = vi.fn();
    const load = cached(new SyncMapCache(), { name: 'load' })(fn);
    load();
    load();
    expect(fn).toHaveBeenCalledTimes(1);
  });
});
