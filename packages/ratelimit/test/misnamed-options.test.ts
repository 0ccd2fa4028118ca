import { describe, expect, it } from 'vitest';
import {
  AdaptiveSemaphore,
  Breaker,
  KeyedRateLimiter,
  KeyedSemaphore,
  Semaphore,
  TokenBucket,
} from '@x/ratelimit';

/** Options as JavaScript may give them. */
const untyped = (options: object): never => options as never;

describe.each([
  ['TokenBucket', TokenBucket],
  ['KeyedRateLimiter', KeyedRateLimiter],
])('new %s', (_name, Limiter) => {
  it.each([
    ['tokensPerInterval', /it is permitsPerSecond, a number for one second/],
    ['interval', /it is permitsPerSecond/],
    ['points', /it is permitsPerSecond/],
    ['duration', /it is permitsPerSecond/],
    ['minTime', /it is permitsPerSecond with a burst of 1/],
    ['maxConcurrent', /it is permits of a Semaphore/],
    ['concurrency', /it is permits of a Semaphore/],
    ['capacity', /it is burst/],
  ])('says what %s is called here', (name, message) => {
    expect(() => new Limiter(untyped({ [name]: 5 }))).toThrow(TypeError);
    expect(() => new Limiter(untyped({ [name]: 5 }))).toThrow(message);
    expect(() => new Limiter(untyped({ permitsPerSecond: 1, [name]: 5 }))).toThrow(message);
  });
});

describe.each([
  ['Semaphore', Semaphore],
  ['KeyedSemaphore', KeyedSemaphore],
])('new %s', (_name, Limiter) => {
  it.each([
    ['concurrency', 'permits'],
    ['maxConcurrent', 'permits'],
    ['highWater', 'maxQueue'],
  ])('says what %s is called here', (name, here) => {
    expect(() => new Limiter(untyped({ [name]: 5 }))).toThrow(
      new TypeError(`${name} is not an option; it is ${here}`),
    );
  });
});

describe('new AdaptiveSemaphore', () => {
  it('says which of its bounds was meant', () => {
    expect(() => new AdaptiveSemaphore(untyped({ max: 5 }))).toThrow(
      new TypeError('max is not an option; it is maxPermits'),
    );
  });
});

describe('new Breaker', () => {
  it.each([
    ['threshold', /it is consecutiveFailures, or failureRatio with a window$/],
    ['errorThresholdPercentage', /it is failureRatio, from 0 to 1/],
    ['resetTimeout', /it is breakMs$/],
    ['timeout', /it is slowCallMs/],
  ])('says what %s is called here', (name, message) => {
    expect(() => new Breaker(untyped({ [name]: 3 }))).toThrow(message);
  });
});
