import { noopMeter } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  cached,
  circuitBroken,
  concurrencyLimited,
  inspect,
  monitored,
  policies,
  rateLimited,
  retried,
  timeLimited,
} from '@x/decorators';
import { HandBreaker, MapCache, OneAtATime, RecordingLimiter, SyncMapCache } from './doubles.ts';
import { RecordingMeter } from './recording-meter.ts';

describe('circuitBroken(breaker)(fn)', () => {
  it('runs calls through the breaker, which may refuse them', async () => {
    const breaker = new HandBreaker();
    let calls = 0;
    const call = circuitBroken(breaker)(async () => ++calls);

    expect(await call()).toBe(1);
    breaker.state = 'open';
    await expect(call()).rejects.toThrow('open');
    expect([calls, breaker.passed]).toEqual([1, 1]);
  });

  it('rejects when the lazy breaker is missing', async () => {
    const call = circuitBroken(() => undefined as never)(async () => 1);
    await expect(call()).rejects.toThrow(/circuitBroken needs an object with run\(\)/);
  });
});

describe('policies(...)', () => {
  it('puts them in the order in which they work best, however they are written', async () => {
    const load = policies(
      timeLimited({ timeoutMs: 100, clock: new ManualClock() }),
      concurrencyLimited(new OneAtATime()),
      retried(),
      rateLimited(new RecordingLimiter()),
      cached(new MapCache()),
      monitored(noopMeter),
      circuitBroken(new HandBreaker()),
    )(async function load(id: number): Promise<number> {
      return id;
    });

    expectTypeOf(load).toEqualTypeOf<(id: number) => Promise<number>>();
    expect(await load(5)).toBe(5);
    expect(inspect(load).policies.map(({ policy }) => policy)).toEqual([
      'monitored',
      'cached',
      'circuitBroken',
      'retried',
      'rateLimited',
      'concurrencyLimited',
      'timeLimited',
    ]);
  });

  it('takes a permit for each attempt and none for a hit, as one decorator', async () => {
    const clock = new ManualClock();
    const limiter = new RecordingLimiter();
    class Client {
      tries = 0;

      @policies(rateLimited(limiter), retried({ clock, backoffMs: 0 }), cached(new MapCache()))
      async load(_id: string): Promise<number> {
        if (++this.tries < 3) throw new Error('no');
        return this.tries;
      }
    }
    const client = new Client();
    const answer = client.load('a');
    await clock.advanceAsync(1);

    expect([await answer, await client.load('a')]).toEqual([3, 3]);
    expect(limiter.asked).toHaveLength(3);
  });

  it('keeps the order of two of a kind, and takes what it answered itself', () => {
    const [first, second] = [new RecordingLimiter(), new RecordingLimiter()];
    const call = policies(
      policies(rateLimited(first), retried()),
      rateLimited(second),
    )(async () => 1);
    expect(inspect(call).policies.map(({ resource }) => resource)).toEqual([
      undefined,
      first,
      second,
    ]);
  });

  it('refuses getters where one of them does, and what is no decoration', () => {
    const wrong = policies(monitored(noopMeter), rateLimited(new RecordingLimiter()));
    expect(() => {
      class Wrong {
        // @ts-expect-error: a getter
        @wrong
        get later(): Promise<number> {
          return Promise.resolve(1);
        }
      }
      return Wrong;
    }).toThrow(new TypeError('@rateLimited goes on a method; later is a getter'));
    // @ts-expect-error: nothing given
    expect(() => policies()).toThrow(/policies needs at least one/);
    expect(() => policies((() => {}) as never)).toThrow(/policies takes .* got a function/);
  });
});

describe('inspect(fn)', () => {
  it('tells resources and options, and gives the function beneath', () => {
    const limiter = new RecordingLimiter();
    const original = async (): Promise<number> => 1;
    const options = { permits: 2 };
    const call = monitored(noopMeter, 'call')(rateLimited(limiter, options)(original));

    expect(inspect(call)).toEqual({
      policies: [
        { policy: 'monitored', resource: noopMeter, options: { name: 'call' } },
        { policy: 'rateLimited', resource: limiter, options },
      ],
      original,
    });
    expect(inspect(original)).toEqual({ policies: [], original });
    expect(() => inspect(5 as never)).toThrow('inspect takes a function, got 5');
  });
});

describe('a decoration', () => {
  it('tells what it puts on a function, without how it works', () => {
    const options = { maxRetries: 1 };
    const decoration = retried(options);
    const told = [{ policy: 'retried', resource: undefined, options }];
    expect(decoration.policies).toEqual(told);
    expect(Object.keys(decoration.policies[0] as object)).toEqual(Object.keys(told[0] as object));
    expect(Object.entries(decoration)).toEqual([['policies', decoration.policies]]);
  });
});

describe('a lazy resource', () => {
  it('is found at the first call of each instance, and kept', async () => {
    let made = 0;
    class Numbers {
      @cached(() => (made++, new SyncMapCache()))
      double(value: number): number {
        return value * 2;
      }
    }
    const [one, two] = [new Numbers(), new Numbers()];
    expect(made).toBe(0);
    expect([one.double(1), one.double(2), two.double(1)]).toEqual([2, 4, 2]);
    expect(made).toBe(2);
  });
});

describe('asynchronous generators', () => {
  async function* count(to: number): AsyncGenerator<number, string, undefined> {
    for (let value = 1; value <= to; value++) yield value;
    return 'end';
  }

  it('take a permit before the first item, and hold one to the end', async () => {
    const limiter = new RecordingLimiter();
    const semaphore = new OneAtATime();
    let held = 0;
    semaphore.acquire = async () => {
      held++;
      const release = (): void => void held--;
      return { release, [Symbol.dispose]: release };
    };
    const limited = concurrencyLimited(semaphore)(rateLimited(limiter)(count));
    expectTypeOf(limited).toEqualTypeOf<typeof count>();
    const items = limited(3);
    expect([held, limiter.asked.length]).toEqual([0, 0]);

    expect(await items.next()).toEqual({ done: false, value: 1 });
    expect([held, limiter.asked.length]).toEqual([1, 1]);
    await items.return('left');
    expect(held).toBe(0);
  });

  it('are measured to their end, and refused by what they do not suit', async () => {
    const meter = new RecordingMeter();
    const measured = monitored(meter, 'count')(count);
    const values: number[] = [];
    for await (const value of measured(3)) values.push(value);
    expect([values, meter.stopped]).toEqual([[1, 2, 3], ['success']]);
    const thrown = measured(3);
    await thrown.next();
    await expect(thrown.throw(new Error('no'))).rejects.toThrow('no');
    expect(meter.stopped).toEqual(['success', 'failure']);
    // @ts-expect-error: an asynchronous generator
    expect(() => retried()(count)).toThrow(
      'retried goes on functions that answer values or promises; count is an asynchronous generator',
    );
  });
});

describe('generators', () => {
  function* pair(left: number, right: number): Generator<number, string, undefined> {
    yield left;
    yield right;
    return 'end';
  }

  it('are measured to their end', () => {
    const meter = new RecordingMeter();
    const measured = monitored(meter)(pair);
    expectTypeOf(measured).toEqualTypeOf<typeof pair>();
    const items = measured(1, 2);
    expect(meter.started).toBe(0);

    expect([...items]).toEqual([1, 2]);
    expect([meter.started, meter.stopped]).toEqual([1, ['success']]);
    const thrown = measured(1, 2);
    thrown.next();
    expect(() => thrown.throw(new Error('no'))).toThrow('no');
    expect(meter.stopped).toEqual(['success', 'failure']);
  });

  it('are refused by what would keep the iterator, which can be read once only', () => {
    expect(() => cached(new SyncMapCache())(pair)).toThrow(
      new TypeError('cached goes on functions that answer values or promises; pair is a generator'),
    );
  });
});

describe('accessors', () => {
  it('are measured, and cached until they are written', () => {
    const meter = new RecordingMeter();
    class Box {
      @monitored(meter)
      @cached(new SyncMapCache())
      accessor size = 1;
    }
    const box = new Box();
    expect([box.size, box.size]).toEqual([1, 1]);
    box.size = 2;
    expect(box.size).toBe(2);
    expect(meter.calls).toHaveLength(3);
  });
});

describe('accessors whose results are shared', () => {
  it('are refused, because a write ends what is cached for one instance only', () => {
    expect(() => {
      class Box {
        @cached(new SyncMapCache(), { scope: 'shared' })
        accessor size = 1;
      }
      return Box;
    }).toThrow(/^cached needs scope "instance" for size: it can be written/);
  });
});

describe('a signal of the caller', () => {
  it('goes to the limiters', async () => {
    const semaphore = new OneAtATime();
    const { signal } = new AbortController();
    await concurrencyLimited(semaphore)(async (_options: { signal: AbortSignal }) => 1)({ signal });
    expect(semaphore.asked).toEqual([{ timeoutMs: Infinity, signal }]);

    const limiter = new RecordingLimiter();
    await rateLimited(limiter, { timeoutMs: 50 })(async (_signal: AbortSignal) => 1)(signal);
    expect(limiter.asked).toEqual([{ permits: 1, timeoutMs: 50 }]);
    expect(limiter.signals).toEqual([signal]);
  });
});
