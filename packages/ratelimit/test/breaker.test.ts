import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Breaker, type BreakerOptions, CircuitOpenError } from '../src/index.ts';
import { CountWindow, TimeWindow } from '../src/resilience/call-window.ts';
import { RecordingMeter } from './recording-meter.ts';

const create = (options: BreakerOptions): { breaker: Breaker; clock: ManualClock } => {
  const clock = new ManualClock();
  return { clock, breaker: new Breaker({ breakMs: 1_000, clock, ...options }) };
};

const record = (breaker: Breaker, outcomes: string, durationMs: number = 0): void => {
  for (const outcome of outcomes) {
    if (!breaker.tryPass()) return;
    breaker.record(outcome === 'f' ? 'failure' : 'success', durationMs);
  }
};

describe('Breaker over a window of calls', () => {
  it('opens when the share of failures is reached, and not with too few calls', () => {
    const { breaker } = create({ window: { calls: 10 }, failureRatio: 0.5, minCalls: 6 });
    record(breaker, 'fffss');
    expect(breaker.state).toBe('closed');

    record(breaker, 's');
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than the window', () => {
    const { breaker } = create({ window: { calls: 4 }, failureRatio: 0.75, minCalls: 4 });
    record(breaker, 'ffssfs');
    expect(breaker.state).toBe('closed');
    record(breaker, 'ff');
    expect(breaker.state).toBe('open');
  });

  it('opens when too many calls are slow', () => {
    const { breaker } = create({
      window: { calls: 10 },
      minCalls: 4,
      slowCallMs: 100,
      slowRatio: 0.5,
    });
    record(breaker, 'ss', 100);
    record(breaker, 's', 101);
    expect(breaker.state).toBe('closed');
    record(breaker, 's', 101);
    expect(breaker.state).toBe('open');
  });

  it('times the calls that it runs', async () => {
    const { breaker, clock } = create({
      window: { calls: 1 },
      minCalls: 1,
      slowCallMs: 100,
    });
    const slow = Promise.withResolvers<string>();
    const run = breaker.run(() => slow.promise);
    clock.advance(101);
    slow.resolve('slow');

    expect(await run).toBe('slow');
    expect(breaker.state).toBe('open');
  });
});

describe('Breaker over a window of time', () => {
  it.each([3, 7, 8, 20])(
    'counts all of %i successes against what fails then',
    async (successes) => {
      const { breaker } = create({ window: { durationMs: 1_000 }, minCalls: 1, failureRatio: 0.5 });
      for (let call = 0; call < successes; call++) await breaker.run(() => call);
      for (let call = 1; call < successes; call++) breaker.record('failure', 0);
      expect(breaker.state).toBe('closed');
      breaker.record('failure', 0);
      expect(breaker.state).toBe('open');
    },
  );

  it('looks at the calls of that time only', () => {
    const { breaker, clock } = create({
      window: { durationMs: 1_000 },
      minCalls: 2,
      failureRatio: 0.5,
    });
    record(breaker, 's');
    clock.advance(900);
    record(breaker, 's');
    clock.advance(200);
    record(breaker, 'f');
    expect(breaker.state).toBe('open');
  });

  it('counts as a list of all calls does, to the tenth of the window', () => {
    const calls = fc.array(
      fc.record({ afterMs: fc.nat(400), failed: fc.boolean(), slow: fc.boolean() }),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(calls, (all) => {
        const window = new TimeWindow(1_000);
        const seen: { at: number; failed: boolean; slow: boolean }[] = [];
        let now = 0;
        for (const { afterMs, failed, slow } of all) {
          now += afterMs;
          window.record(failed, slow, now);
          seen.push({ at: now, failed, slow });
          const oldest = (Math.floor(now / 100) - 9) * 100;
          const live = seen.filter(({ at }) => at >= oldest);
          expect(window.calls).toBe(live.length);
          expect(window.failures).toBe(live.filter((one) => one.failed).length);
          expect(window.slowCalls).toBe(live.filter((one) => one.slow).length);
        }
      }),
    );
  });

  it('counts the last calls as a list does', () => {
    const calls = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), calls, (size, all) => {
        const window = new CountWindow(size);
        for (const [failed, slow] of all) window.record(failed, slow);
        const live = all.slice(-size);
        expect(window.calls).toBe(live.length);
        expect(window.failures).toBe(live.filter(([failed]) => failed).length);
        expect(window.slowCalls).toBe(live.filter(([, slow]) => slow).length);
      }),
    );
  });
});

describe('Breaker after a break', () => {
  it('wants all trials to succeed', () => {
    const { breaker, clock } = create({ consecutiveFailures: 1, trials: 3 });
    record(breaker, 'f');
    clock.advance(1_000);
    const passed = Array.from({ length: 4 }, () => breaker.tryPass());
    expect(passed).toEqual([true, true, true, false]);
    expect(breaker.retryAfterMs()).toBeGreaterThan(0);

    breaker.record('success', 0);
    breaker.record('success', 0);
    expect(breaker.state).toBe('half-open');
    breaker.record('success', 0);
    expect(breaker.state).toBe('closed');
  });

  it('takes a call whose stopwatch was started just before it passed for a trial', () => {
    const { breaker, clock } = create({ consecutiveFailures: 1 });
    record(breaker, 'f');
    clock.advance(1_000);
    breaker.tryPass();

    clock.advance(5);
    breaker.record('success', 5.001);

    expect(breaker.state).toBe('closed');
  });

  it('gives the turn of a trial that said nothing to another', () => {
    const { breaker, clock } = create({ consecutiveFailures: 1 });
    record(breaker, 'f');
    clock.advance(1_000);
    breaker.tryPass();

    breaker.record('ignored', 0);

    expect(breaker.tryPass()).toBe(true);
  });

  it('takes no call for a trial that was let through before, however short it then took', () => {
    const { breaker, clock } = create({ consecutiveFailures: 1, slowCallMs: 100 });
    breaker.tryPass();
    record(breaker, 'f');
    clock.advance(1_000);
    breaker.tryPass();
    breaker.record('success', 0, 1_000);
    expect(breaker.state).toBe('half-open');

    clock.advance(150);
    breaker.record('success', 50, 150);
    expect(breaker.state).toBe('closed');
  });

  it('breaks for longer each time, up to a bound, and anew after it has closed', () => {
    const { breaker, clock } = create({ consecutiveFailures: 1, maxBreakMs: 3_000 });
    const breaks: number[] = [];
    for (let count = 0; count < 4; count++) {
      record(breaker, 'f');
      breaks.push(breaker.retryAfterMs());
      clock.advance(breaker.retryAfterMs());
    }
    expect(breaks).toEqual([1_000, 2_000, 3_000, 3_000]);

    record(breaker, 's');
    record(breaker, 'f');
    expect(breaker.retryAfterMs()).toBe(1_000);
  });
});

describe('Breaker by hand', () => {
  it('stays open until it is reset', async () => {
    const { breaker, clock } = create({ name: 'api' });
    breaker.forceOpen();
    clock.advance(1e9);
    const refused = await breaker.run(() => 1).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(CircuitOpenError);
    expect(refused).toMatchObject({ breaker: 'api', retryAfterMs: Infinity });
    breaker.reset();
    expect(await breaker.run(() => 1)).toBe(1);
  });

  it('opens for a time', () => {
    const { breaker, clock } = create({});
    breaker.forceOpen(500);
    expect(breaker.tryPass()).toBe(false);
    clock.advance(500);
    expect(breaker.tryPass()).toBe(true);
  });
});

describe('Breaker', () => {
  it('ignores who gives up, unless told otherwise', async () => {
    const aborted = (): Promise<never> => Promise.reject(AbortSignal.abort().reason as Error);
    const { breaker } = create({ consecutiveFailures: 1 });
    await expect(breaker.run(aborted)).rejects.toThrow('aborted');
    expect(breaker.state).toBe('closed');

    const strict = create({ consecutiveFailures: 1, judge: () => 'failure' }).breaker;
    await expect(strict.run(aborted)).rejects.toThrow('aborted');
    expect(strict.state).toBe('open');
  });

  it('tells of its changes', () => {
    const onChange = vi.fn();
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const meter = new RecordingMeter();
    const { breaker, clock } = create({
      consecutiveFailures: 2,
      onChange,
      logger,
      meter,
      name: 'api',
    });
    record(breaker, 'sff');
    breaker.tryPass();
    clock.advance(1_000);
    record(breaker, 's');

    expect(onChange.mock.calls).toEqual([
      ['open', 'closed'],
      ['half-open', 'open'],
      ['closed', 'half-open'],
    ]);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      'circuit breaker "api" opens for 1000 ms: 2 failures in a row',
    );
    expect(logger.info).toHaveBeenCalledExactlyOnceWith('circuit breaker "api" closes');
    expect(Object.fromEntries(meter.values)).toEqual({
      'circuit_breaker_calls_total{api,success}': 2,
      'circuit_breaker_calls_total{api,failure}': 2,
      'circuit_breaker_calls_total{api,refused}': 1,
      'circuit_breaker_opened_total{api}': 1,
      'circuit_breaker_open{api}': 0,
    });
  });

  it.each<BreakerOptions>([
    { consecutiveFailures: 0 },
    { failureRatio: 0, window: { calls: 10 } },
    { slowRatio: 1.1, window: { calls: 10 } },
    { minCalls: 0, window: { calls: 10 } },
    { breakMs: 0 },
    { maxBreakMs: 10 },
    { trials: Infinity },
    { window: { calls: 0 } },
    { window: { durationMs: NaN } },
  ])('refuses %s', (options) => {
    expect(() => create(options)).toThrow(RangeError);
  });

  it('wants to know how long a window is', () => {
    expect(() => create({ window: {} as never })).toThrow(
      'window takes either calls or durationMs',
    );
  });
});
