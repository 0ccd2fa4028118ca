import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../src/index.ts';
import { maskUrl } from '../src/request/mask-url.ts';

const now = Date.UTC(2026, 0, 1);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Thursday, 01-Jan-26 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026', 2_026_000],
    [undefined, undefined],
    [null, undefined],
    [['5', '6'], 5_000],
  ])('reads %j', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  it('takes the time of the system unless it is told another', () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();

    const wait = parseRetryAfter(inAnHour);

    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3_600_000);
    expect(parseRetryAfter(inAnHour, Date.parse(inAnHour) - 5_000)).toBe(5_000);
  });

  it('answers a whole wait or nothing for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const wait = parseRetryAfter(text, now);
        expect(wait === undefined || wait >= 0).toBe(true);
      }),
    );
  });
});

describe('maskUrl', () => {
  it('keeps where, and hides secrets', () => {
    const url = new URL('https://us:pass@api.test:8443/a/b?token=t&x=1&x=2&a b=c#part');

    expect(maskUrl(url)).toBe('https://api.test:8443/a/b?token=…&x=…&a%20b=…');
  });
});
