import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CombinedLimiter,
  formatRateLimit,
  formatRateLimitPolicy,
  formatRetryAfter,
  obeyRateLimit,
  parseRateLimit,
  parseRateLimitPolicy,
  rateLimitFields,
  Semaphore,
  TokenBucket,
} from '../src/index.ts';

describe('RateLimit-Policy', () => {
  it('is written', () => {
    expect(
      formatRateLimitPolicy([
        { name: 'burst', quota: 100, windowMs: 60_000 },
        {
          name: 'daily',
          quota: 1_000.9,
          windowMs: 86_400_000,
          unit: 'content-bytes',
          partitionKey: Buffer.from('user'),
        },
      ]),
    ).toBe('"burst";q=100;w=60, "daily";q=1000;w=86400;qu="content-bytes";pk=:dXNlcg==:');
  });

  it('is read, with what a later draft may add', () => {
    expect(
      parseRateLimitPolicy('"burst";q=100;w=60;new=?1;more=1.5,  token; q=5, "no quota";w=1'),
    ).toEqual([
      { name: 'burst', quota: 100, windowMs: 60_000, unit: undefined, partitionKey: undefined },
      { name: 'token', quota: 5, windowMs: undefined, unit: undefined, partitionKey: undefined },
    ]);
  });
});

describe('RateLimit', () => {
  it('is written and read', () => {
    const text = formatRateLimit([{ name: 'a "b" \\', remaining: 3, resetMs: 1_200 }]);

    expect(text).toBe(String.raw`"a \"b\" \\";r=3;t=2`);
    expect(parseRateLimit(text)).toEqual([
      { name: 'a "b" \\', remaining: 3, resetMs: 2_000, partitionKey: undefined },
    ]);
  });

  it.each(['', '"a', '"a";r=1,', '"a";r=1 "b";r=2', '"a";R=1', '"a";r=', ';r=1', '5;r=1', 'ä;r=1'])(
    'is ignored as a whole when it is malformed: %s',
    (text) => {
      expect(parseRateLimit(text)).toEqual([]);
    },
  );

  it('comes back as it was, whatever it holds', () => {
    const statuses = fc.array(
      fc.record({
        name: fc.string({
          unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCodePoint(code)),
        }),
        remaining: fc.nat(),
        resetMs: fc.option(
          fc.nat(1e6).map((seconds) => seconds * 1_000),
          { nil: undefined },
        ),
        partitionKey: fc.option(
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          {
            nil: undefined,
          },
        ),
      }),
    );
    fc.assert(
      fc.property(statuses, (given) => {
        expect(parseRateLimit(formatRateLimit(given))).toEqual(given);
      }),
    );
  });

  it('never fails on what others send', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseRateLimit(text))).toBe(true);
      }),
    );
  });
});

describe('rateLimitFields', () => {
  it('announces the rate of a bucket and what is left', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 20, name: 'api', clock });
    bucket.tryAcquire(5);
    expect(rateLimitFields(bucket)).toEqual({
      'RateLimit-Policy': '"api";q=20;w=2',
      RateLimit: '"api";r=15;t=1',
    });

    bucket.tryAcquire(15);
    bucket.penalize(25);
    expect(rateLimitFields(bucket)).toEqual({
      'RateLimit-Policy': '"api";q=20;w=2',
      RateLimit: '"api";r=0;t=3',
      'Retry-After': '3',
    });
  });

  it('is obeyed by a client on the other side', () => {
    const clock = new ManualClock();
    const server = new TokenBucket({ permitsPerSecond: 0.5, burst: 1, clock });
    const client = new TokenBucket({ permitsPerSecond: 10, clock });
    const answer = (): Headers => new Headers(rateLimitFields(server));
    expect(obeyRateLimit(client, answer(), clock)).toBe(false);

    server.tryAcquire();
    expect(obeyRateLimit(client, answer(), clock)).toBe(true);
    expect(client.estimateWaitMs()).toBeCloseTo(2_000);
    expect(obeyRateLimit(client, new Headers(), clock)).toBe(false);
  });
});

describe('formatRetryAfter', () => {
  it('rounds up to whole seconds', () => {
    expect([0, 1, 1_000, 1_001].map(formatRetryAfter)).toEqual(['0', '1', '1', '2']);
    expect(() => formatRetryAfter(-1)).toThrow(RangeError);
  });
});

describe('what is no field, and no limiter', () => {
  it.each([
    [
      () => formatRateLimit({ name: 'a', remaining: 1 } as never),
      'statuses must be an array, got an object',
    ],
    [
      () => formatRateLimitPolicy([{ name: 'a' } as never]),
      'quota must be a number of at least 0, got undefined',
    ],
    [
      () => formatRetryAfter(undefined as never),
      'delayMs must be a number of at least 0, got undefined',
    ],
    [() => parseRateLimit(new Headers() as never), 'the field must be a string, got an object'],
    [
      () => obeyRateLimit(new Semaphore({ permits: 1 }) as never, new Headers()),
      'limiter must be a rate limiter, got an object',
    ],
    [() => rateLimitFields(undefined as never), 'limiter must be a TokenBucket, got undefined'],
    [
      () => rateLimitFields(new CombinedLimiter({ limits: [{ permitsPerSecond: 1 }] }) as never),
      'limiter must be a TokenBucket, got an object',
    ],
  ])('is refused: %s', (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });

  it('is no entry where the field is not there', () => {
    expect(parseRateLimit(new Headers().get('RateLimit'))).toEqual([]);
    expect(parseRateLimitPolicy(undefined)).toEqual([]);
  });
});
