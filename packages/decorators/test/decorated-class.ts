import type { CircuitBreaker, Clock, Meter } from '@x/interfaces';
import { inspect } from '@x/decorators';
import { ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { HandBreaker, MapCache, OneAtATime, RecordingLimiter } from './doubles.ts';
import { RecordingMeter } from './recording-meter.ts';

interface Decorated {
  readonly id: number;
  calls: number;
  perInstance(value: number): Promise<number>;
  shared(value: number): Promise<string>;
  sum(left: number, right: number): number;
  limited(value: string): Promise<string>;
  measured(): void;
  generic<T>(value: T): Promise<T>;
  readonly computed: Promise<number>;
  flaky(failures: number): Promise<number>;
  slow(answer: Promise<string>): Promise<string>;
  guarded(value: string): Promise<string>;
  everything(value: string): Promise<string>;
  items(to: number): AsyncGenerator<number>;
}

interface DecoratedClass {
  new (id: number): Decorated;
  ofClass(value: number): Promise<number>;
}

/** What the decorators of the class are given. */
export interface Parts {
  readonly cache: MapCache;
  readonly meter: Meter;
  readonly limiter: RecordingLimiter;
  readonly semaphore: OneAtATime;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
}

export interface Classes {
  readonly Base: DecoratedClass;
  readonly Derived: DecoratedClass;
  readonly symbolName: symbol;
}

/** What decorated methods do, whichever kind of decorators the class was compiled with. */
export function describeDecoratedClass(kind: string, define: (parts: Parts) => Classes): void {
  describe(`methods under ${kind}`, () => {
    let cache: MapCache;
    let meter: RecordingMeter;
    let limiter: RecordingLimiter;
    let semaphore: OneAtATime;
    let breaker: HandBreaker;
    let clock: ManualClock;
    let classes: Classes;

    beforeEach(() => {
      cache = new MapCache();
      meter = new RecordingMeter();
      limiter = new RecordingLimiter();
      semaphore = new OneAtATime();
      breaker = new HandBreaker();
      clock = new ManualClock();
      classes = define({ cache, meter, limiter, semaphore, breaker, clock });
    });

    it('cache per instance unless told otherwise', async () => {
      const [one, two] = [new classes.Base(1), new classes.Base(2)];

      expect(await one.perInstance(5)).toBe(105);
      expect(await two.perInstance(5)).toBe(205);
      expect(await one.perInstance(5)).toBe(105);
      expect(one.calls).toBe(1);
    });

    it('share results over instances when asked', async () => {
      const [one, two] = [new classes.Base(1), new classes.Base(2)];

      expect(await one.shared(5)).toBe('base 5');
      expect(await two.shared(5)).toBe('base 5');
      expect(two.calls).toBe(0);
      expect([...cache.entries.keys()]).toEqual(['Base.shared:5']);
    });

    it('keep an override apart from what it calls by super', async () => {
      const derived = new classes.Derived(1);

      expect(await derived.shared(5)).toBe('derived of base 5');
      expect([...cache.entries.keys()].sort()).toEqual(['Base.shared:5', 'Derived.shared:5']);
    });

    it('keep an override apart from what it calls by super, also per instance', async () => {
      const derived = new classes.Derived(1);

      expect([await derived.perInstance(5), await derived.perInstance(5)]).toEqual([-105, -105]);
      expect(derived.calls).toBe(1);
      expect(cache.entries.size).toBe(2);
    });

    it('keep an override named by a symbol apart from what it calls by super', async () => {
      const derived = new classes.Derived(1) as unknown as Record<symbol, () => Promise<string>>;

      expect(await derived[classes.symbolName]?.()).toBe('derived symbol');
      expect([...cache.entries.keys()].sort()).toEqual([
        'Base.Symbol(symbolName):',
        'Derived.Symbol(symbolName):',
      ]);
    });

    it('are measured under the class that declares them', () => {
      new classes.Derived(1).measured();

      expect(meter.calls).toEqual([
        'function_duration{function=Derived.measured}',
        'function_duration{function=Base.measured}',
      ]);
    });

    it('give instances ids that never come again, in this process or another', async () => {
      await new classes.Base(1).perInstance(5);
      await new classes.Base(1).perInstance(5);
      await new classes.Base(1).generic(5);
      const ids = [...cache.entries.keys()].map((key) => key.split('#')[1]);

      expect(new Set(ids).size).toBe(3);
      expect(new Set(ids.map((id) => id?.split('.')[0])).size).toBe(2);
      for (const id of ids) expect(id).toMatch(/^[\w-]{16}\.\d+$/);
    });

    it('are named after their class when they are static', async () => {
      expect(await classes.Base.ofClass(1)).toBe(2);
      expect([...cache.entries.keys()]).toEqual([expect.stringMatching(/^Base\.ofClass:1#/)]);
    });

    it('are measured, synchronous ones too', async () => {
      const one = new classes.Base(1);
      expect(one.sum(2, 3)).toBe(5);
      await one.shared(1);

      expect(meter.calls).toEqual([
        'sum_duration{kind=sum}',
        'function_duration{function=Base.shared}',
      ]);
    });

    it('wait for the limiters, found on the instance', async () => {
      const one = new classes.Base(1);
      const answers = await Promise.all(['a', 'b', 'c'].map((value) => one.limited(value)));

      expect(answers).toEqual(['1 a', '1 b', '1 c']);
      expect(limiter.asked).toEqual(Array(3).fill({ permits: 2, timeoutMs: 50 }));
      expect(semaphore.most).toBe(1);
    });

    it('do not run when the limiter refuses', async () => {
      limiter.refusal = new Error('no permit');

      await expect(new classes.Base(1).limited('a')).rejects.toBe(limiter.refusal);
      expect(semaphore.most).toBe(0);
    });

    it('may be static, getters, or named by a symbol', async () => {
      expect(await classes.Base.ofClass(1)).toBe(2);
      const one = new classes.Base(1);
      expect([await one.computed, await one.computed, one.calls]).toEqual([1, 1, 1]);
      const bySymbol = one as unknown as Record<symbol, () => Promise<string>>;
      expect(await bySymbol[classes.symbolName]?.()).toBe('symbol');
    });

    it('keep name and length', () => {
      const one = new classes.Base(1);

      expect([one.sum.name, one.sum.length]).toEqual(['sum', 2]);
    });

    it('are tried again when they fail', async () => {
      const one = new classes.Base(1);
      const answer = one.flaky(2);
      await clock.advanceAsync(1);

      expect(await answer).toBe(3);
    });

    it('are limited in time', async () => {
      const one = new classes.Base(1);
      expect(await one.slow(Promise.resolve('in time'))).toBe('in time');
      const late = one.slow(new Promise(() => {}));
      late.catch(() => {});
      await clock.advanceAsync(100);

      await expect(late).rejects.toMatchObject({ code: 'ERR_CALL_TIMEOUT', callee: 'slow' });
    });

    it('run while the breaker lets them', async () => {
      const one = new classes.Base(1);
      expect(await one.guarded('a')).toBe('1 a');
      breaker.state = 'open';

      await expect(one.guarded('a')).rejects.toThrow('open');
    });

    it('have several policies in their order', async () => {
      const one = new classes.Base(1);
      const answer = one.everything('a');
      await clock.advanceAsync(1);

      expect([await answer, await one.everything('a')]).toEqual(['1 a', '1 a']);
      expect(limiter.asked).toHaveLength(2);
      expect([...cache.entries.keys()]).toEqual(['Base.everything:"a"']);
      expect(meter.calls).toEqual(Array(2).fill('function_duration{function=Base.everything}'));
      expect(inspect(one.everything).policies.map(({ policy }) => policy)).toEqual([
        'monitored',
        'cached',
        'retried',
        'rateLimited',
        'timeLimited',
      ]);
    });

    it('may be asynchronous generators', async () => {
      const items: number[] = [];
      for await (const item of new classes.Base(2).items(3)) items.push(item);

      expect(items).toEqual([2, 4, 6]);
      expect(limiter.asked).toHaveLength(1);
    });

    it('work on frozen instances', async () => {
      const frozen = Object.freeze(new classes.Base(1));

      expect(frozen.sum(1, 2)).toBe(3);
    });
  });
}
