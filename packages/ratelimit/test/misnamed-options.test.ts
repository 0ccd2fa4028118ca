import { describe, expect, it } from 'vitest';
import {
  AdaptiveSemaphore,
  Breaker,
  CombinedLimiter,
  KeyedRateLimiter,
  KeyedSemaphore,
  Semaphore,
  TokenBucket,
  TokenRetryBudget,
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
    ['capacity', /it is burst$/],
    ['permitsPerMinute', /it is permitsPerSecond: permitsPerMinute \/ 60$/],
    ['requestsPerHour', /it is permitsPerSecond: requestsPerHour \/ 3_600$/],
    ['rps', /it is permitsPerSecond$/],
    ['requestsPerSecond', /did you mean permitsPerSecond\?/],
    ['windowMs', /it is permitsPerSecond, a number for one second/],
    ['refillRate', /it is permitsPerSecond, a number for one second/],
    ['timeoutMs', /it is timeoutMs of each call: acquire\(1, \{ timeoutMs \}\)$/],
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
    ['timeoutMs', 'timeoutMs of each call: run(fn, { timeoutMs })'],
    ['permitsPerSecond', 'an option of a TokenBucket, which limits a rate'],
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

describe('a Breaker of another library', () => {
  it.each([
    ['halfOpenAfter', 'breakMs'],
    ['errorFilter', "judge(error), which answers 'success', 'failure' or 'ignored'"],
    ['rollingCountBuckets', 'window: { durationMs }, which is always cut into 10 parts'],
    ['onOpen', 'onChange(state, before)'],
    ['successThreshold', 'trials'],
  ])('has %s, which is told here', (name, here) => {
    expect(() => new Breaker(untyped({ [name]: 3 }))).toThrow(
      new TypeError(`${name} is not an option; it is ${here}`),
    );
  });
});

describe('new CombinedLimiter', () => {
  it.each([
    ['burst', 'burst of each limit: limits: [{ permitsPerSecond, burst }]'],
    ['limiters', 'limits, an array: limits: [{ permitsPerSecond, burst }]'],
  ])('says where %s goes', (name, here) => {
    expect(() => new CombinedLimiter(untyped({ [name]: 5 }))).toThrow(
      new TypeError(`${name} is not an option; it is ${here}`),
    );
  });
});

describe('new TokenRetryBudget', () => {
  it('says what ratio is called here', () => {
    expect(() => new TokenRetryBudget(untyped({ ratio: 5 }))).toThrow(
      new TypeError('ratio is not an option; it is retryRatio'),
    );
  });
});

describe('a call', () => {
  it.each([
    ['maxWaitMs', 'it is timeoutMs, in milliseconds'],
    ['deadline', 'it is timeoutMs, in milliseconds from now on'],
    ['abortSignal', 'did you mean signal?'],
    ['controller', 'it is signal, such as that of an AbortController'],
    ['prio', 'did you mean priority?'],
  ])('says what %s is called here', async (name, here) => {
    const options = untyped({ [name]: 5 });
    const refusal = new TypeError(`${name} is not an option; ${here}`);
    await expect(new TokenBucket({ permitsPerSecond: 1 }).acquire(1, options)).rejects.toThrow(
      refusal,
    );
    await expect(new Semaphore({ permits: 1 }).acquire(options)).rejects.toThrow(refusal);
  });

  it.each(['count', 'weight'])('says that %s are permits', async (name) => {
    const options = untyped({ [name]: 2 });
    await expect(new TokenBucket({ permitsPerSecond: 1 }).acquire(1, options)).rejects.toThrow(
      `${name} is not an option; it is the argument before the options`,
    );
    await expect(new Semaphore({ permits: 1 }).acquire(options)).rejects.toThrow(
      `${name} is not an option; it is permits`,
    );
  });

  it('of map says where concurrency goes', async () => {
    const semaphore = new Semaphore({ permits: 1 });
    await expect(semaphore.map([1], String, untyped({ concurrency: 2 }))).rejects.toThrow(
      new TypeError(
        'concurrency is not an option; it is permits of the semaphore: new Semaphore({ permits })',
      ),
    );
  });
});
