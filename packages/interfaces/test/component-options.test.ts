import {
  clockOption,
  loggerOption,
  meterOption,
  noopMeter,
  signalOption,
  systemClock,
} from '@x/interfaces';
import { describe, expect, it } from 'vitest';

describe('clockOption', () => {
  it('answers the clock, or the system clock for undefined', () => {
    const clock = { ...systemClock };
    expect(clockOption(clock)).toBe(clock);
    expect(clockOption(undefined)).toBe(systemClock);
  });

  it('names the method that is missing', () => {
    expect(() => clockOption({ now: Date.now } as never)).toThrow(
      new TypeError(
        'clock must be an object with now(), monotonic() and schedule(), got an object without monotonic()',
      ),
    );
  });

  it.each([null, 5, 'system'])('names %j, which is no object', (value) => {
    expect(() => clockOption(value as never)).toThrow(
      new TypeError(
        `clock must be an object with now(), monotonic() and schedule(), got ${JSON.stringify(value)}`,
      ),
    );
  });
});

describe('loggerOption', () => {
  it('takes console, a function with the methods, and none', () => {
    expect(loggerOption(console)).toBe(console);
    const { debug, info, warn, error } = console;
    const callable = Object.assign(() => {}, { debug, info, warn, error });
    expect(loggerOption(callable)).toBe(callable);
    expect(loggerOption(undefined)).toBeUndefined();
  });

  it('names what is missing or came', () => {
    const expected =
      'logger must be console or another object with debug(), info(), warn() and error(), got';
    expect(() => loggerOption('x' as never)).toThrow(new TypeError(`${expected} "x"`));
    expect(() => loggerOption(console.log as never)).toThrow(
      new TypeError(`${expected} a function without debug()`),
    );
  });
});

describe('meterOption', () => {
  it('takes a meter, and none', () => {
    expect(meterOption(noopMeter)).toBe(noopMeter);
    expect(meterOption(undefined)).toBeUndefined();
  });

  it('names the method that is missing', () => {
    const { timer: _, ...rest } = noopMeter;
    expect(() => meterOption(rest as never)).toThrow(
      new TypeError(
        'meter must be a Registry or another object with counter(), gauge(), histogram() and timer(), got an object without timer()',
      ),
    );
  });
});

describe('signalOption', () => {
  it('takes a signal, and none', () => {
    const { signal } = new AbortController();
    expect(signalOption(signal)).toBe(signal);
    expect(signalOption(undefined)).toBeUndefined();
  });

  it.each([
    [5, '5'],
    [null, 'null'],
    [new AbortController(), 'an object'],
  ])('refuses %o', (value, came) => {
    expect(() => signalOption(value as never)).toThrow(
      new TypeError(
        `signal must be an AbortSignal such as AbortSignal.timeout(5_000), got ${came}`,
      ),
    );
  });
});
