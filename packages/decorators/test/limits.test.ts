import { describe, expect, expectTypeOf, it } from 'vitest';
import { concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import { OneAtATime, RecordingLimiter } from './doubles.ts';
import { RecordingMeter } from './recording-meter.ts';

describe('rateLimited(limiter)(fn)', () => {
  it('takes permits before each call and keeps the type', async () => {
    const limiter = new RecordingLimiter();
    const call = rateLimited(limiter, { permits: 3 })(async (id: number) => `item ${id}`);

    expectTypeOf(call).toEqualTypeOf<(id: number) => Promise<string>>();
    expect(await call(1)).toBe('item 1');
    expect(limiter.asked).toEqual([{ permits: 3, timeoutMs: undefined }]);
  });

  it.each([
    [500 as never, /^options must be an object such as \{ permits \}, got 500$/],
    [{ permits: 0 }, /permits must be a whole number of at least 1, got 0/],
    [{ permits: 1.5 }, /permits must be a whole number/],
    [{ timeoutMs: -1 }, /timeoutMs must be a number of at least 0, got -1/],
  ])('refuses %o', (options, message) => {
    expect(() => rateLimited(new RecordingLimiter(), options)).toThrow(message);
  });

  it('rejects when the lazy limiter is missing', async () => {
    const call = rateLimited(() => undefined as never)(async () => 1);

    await expect(call()).rejects.toThrow(/rateLimited needs an object with availablePermits\(\)/);
  });

  it('takes no concurrency limiter, whose permits nobody would give back', () => {
    expect(() => rateLimited(new OneAtATime() as never)).toThrow(
      /rateLimited needs an object with availablePermits\(\)/,
    );
  });
});

describe('concurrencyLimited(limiter)(fn)', () => {
  it('refuses options that are no object', () => {
    expect(() => concurrencyLimited(new OneAtATime(), 500 as never)).toThrow(
      new TypeError('options must be an object such as { timeoutMs }, got 500'),
    );
  });

  it('runs one at a time over a limiter of one', async () => {
    const limiter = new OneAtATime();
    const call = concurrencyLimited(limiter)(async (id: number) => id);

    expect(await Promise.all([call(1), call(2), call(3)])).toEqual([1, 2, 3]);
    expect(limiter.most).toBe(1);
  });

  it('hands timeoutMs to the limiter', async () => {
    const limiter = new OneAtATime();
    await concurrencyLimited(limiter, { timeoutMs: 50 })(async () => 1)();
    await concurrencyLimited(limiter)(async () => 1)();

    expect(limiter.asked).toEqual([{ timeoutMs: 50 }, undefined]);
  });
});

describe('monitored(meter)(fn)', () => {
  it('times a function under its own name', () => {
    const meter = new RecordingMeter();
    const add = monitored(meter)(function add(left: number, right: number) {
      return left + right;
    });

    expectTypeOf(add).toEqualTypeOf<(left: number, right: number) => number>();
    expect(add(1, 2)).toBe(3);
    expect(meter.calls).toEqual(['function_duration{function=add}']);
  });

  it('lets errors through', () => {
    const meter = new RecordingMeter();
    const fail = monitored(
      meter,
      'fail_duration',
    )((): never => {
      throw new Error('no');
    });

    expect(() => fail()).toThrow('no');
    expect(meter.outcomes).toEqual(['threw']);
  });

  it('makes its timer once', () => {
    const meter = new RecordingMeter();
    const own = monitored(meter)(function own() {});
    for (let call = 0; call < 3; call++) own();
    expect(meter.made).toEqual(['function_duration{function=own}']);
  });

  it('makes a timer of a known name when decorating, so that mistakes show there', () => {
    const meter = new RecordingMeter();
    const own = monitored(meter, 'own_duration', { labels: { kind: 'a' } })(() => 1);
    expect(meter.made).toEqual(['own_duration{kind=a}']);
    own();
    expect(meter.made).toHaveLength(1);

    meter.refusal = new TypeError('taken');
    expect(() => monitored(meter, 'own_duration')(() => 1)).toThrow(meter.refusal);
    expect(() => monitored(() => meter, 'own_duration')(() => 1)).not.toThrow();
  });

  it('refuses labels without a name, and a function without any name', () => {
    expect(() => monitored(new RecordingMeter(), undefined, { labels: { kind: 'a' } })).toThrow(
      /^labels needs a name/,
    );
    expect(() => monitored(new RecordingMeter())(() => 1)).toThrow(/^monitored needs a name/);
  });

  it('refuses what is no meter', () => {
    expect(() => monitored({} as never)).toThrow(/monitored needs an object with timer\(\)/);
  });
});

describe('a wrapper', () => {
  it.each([undefined, 5, 'text', {}])('refuses %o', (target) => {
    const decorate = rateLimited(new RecordingLimiter()) as (target: unknown) => unknown;

    expect(() => decorate(target)).toThrow(/rateLimited goes on a function or a method/);
  });
});
