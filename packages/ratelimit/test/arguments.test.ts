import { describe, expect, it } from 'vitest';
import {
  AdaptiveRate,
  AdaptiveSemaphore,
  Breaker,
  CombinedLimiter,
  KeyedRateLimiter,
  KeyedSemaphore,
  Semaphore,
  TokenBucket,
  TokenRetryBudget,
} from '../src/index.ts';

describe('options that are no object', () => {
  it.each([
    [TokenBucket, undefined, '{ permitsPerSecond }, got undefined'],
    [TokenBucket, 5, '{ permitsPerSecond }, got 5'],
    [KeyedRateLimiter, undefined, '{ permitsPerSecond }, got undefined'],
    [CombinedLimiter, undefined, '{ limits }, got undefined'],
    [AdaptiveRate, undefined, '{ limiter }, got undefined'],
    [Semaphore, undefined, '{ permits }, got undefined'],
    [Semaphore, 3, '{ permits }, got 3'],
    [KeyedSemaphore, undefined, '{ permits }, got undefined'],
    [AdaptiveSemaphore, undefined, '{ targetMs }, got undefined'],
    [Breaker, 'api', '{ consecutiveFailures }, got "api"'],
    [Breaker, () => 1, '{ consecutiveFailures }, got a function'],
    [CombinedLimiter, [], '{ limits }, got an array'],
    [TokenRetryBudget, 0.2, '{ retryRatio }, got 0.2'],
  ])('are refused by %o: %o', (Class, options, message) => {
    const Any = Class as unknown as new (options: unknown) => unknown;
    expect(() => new Any(options)).toThrow(
      new TypeError(`options must be an object such as ${message}`),
    );
  });
});

describe('Semaphore.run', () => {
  it.each([
    [5, '5'],
    [Promise.resolve(), 'a promise'],
  ])('rejects where it is given %o for a function, also while others wait', async (fn, got) => {
    const semaphore = new Semaphore({ permits: 1 });
    const expected = new TypeError(`fn must be a function, got ${got}`);

    await expect(semaphore.run(fn as never)).rejects.toThrow(expected);
    const held = await semaphore.acquire();
    await expect(semaphore.run(fn as never)).rejects.toThrow(expected);
    held.release();
    expect(semaphore.stats()).toMatchObject({ active: 0, queued: 0 });
  });
});

describe('a call with a number in the place of options, or an option of another library', () => {
  it('is refused instead of waiting without an end, or for one permit', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1, burst: 1 });

    await expect(bucket.acquire(1, 500 as never)).rejects.toThrow(
      new TypeError('options must be an object such as { timeoutMs }, got 500'),
    );
    await expect(bucket.acquire(1, { timeout: 500 } as never)).rejects.toThrow(
      new TypeError('timeout is not an option; it is timeoutMs, in milliseconds'),
    );
    expect(bucket.availablePermits()).toBe(1);
  });

  it.each([
    [5, 'limit must be an object such as { permitsPerSecond }, got 5'],
    [{ limit: 5 }, /^limit is not an option; it is permitsPerSecond/],
  ])('configures no bucket by %j', (limit, message) => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });
    expect(() => bucket.configure(limit as never)).toThrow(message);
  });

  it('loads no bucket from nothing', () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });
    expect(() => bucket.load(undefined as never)).toThrow(
      new TypeError('state must be an object such as { permits, atMs }, got undefined'),
    );
  });
});

describe('the permits of a rate limiter, which stand before the options', () => {
  const expected = new TypeError(
    'permits must be a whole number from 1 to the burst of 5, got an object; options come after it: acquire(1, { timeoutMs })',
  );

  it('are no option, as those of a semaphore are', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 5 });
    const options = { permits: 2, timeoutMs: 5 } as never;

    await expect(bucket.acquire(options)).rejects.toThrow(expected);
    expect(() => bucket.tryAcquire(options)).toThrow(expected);
    expect(bucket.availablePermits()).toBe(5);
  });

  it('are not null, which is no object of options', () => {
    const bucket = new TokenBucket({ permitsPerSecond: 5 });
    expect(() => bucket.tryAcquire(null as never)).toThrow(
      new TypeError('permits must be a whole number from 1 to the burst of 5, got null'),
    );
  });

  it('are no option of one by key either', async () => {
    const limiter = new KeyedRateLimiter({ permitsPerSecond: 5 });
    const options = { permits: 2, timeoutMs: 5 } as never;

    await expect(limiter.acquire('a', options)).rejects.toThrow(expected);
    expect(() => limiter.tryAcquire('a', options)).toThrow(expected);
    expect(limiter.availablePermits('a')).toBe(5);
  });
});

describe('options after the permits of a rate limiter', () => {
  it.each<[object, string]>([
    [{ permits: 3 }, 'permits is not an option; it is the argument before the options'],
    [
      { permits: 3, timeoutMs: 5 },
      'permits is not an option; it is the argument before the options',
    ],
    [{ timeoutMS: 5 }, 'timeoutMS is not an option; did you mean timeoutMs?'],
    [
      AbortSignal.timeout(1_000),
      'options must be an object such as { signal }, got an AbortSignal',
    ],
  ])('are refused when they are %o, and nothing is taken', async (wrong, message) => {
    const options = wrong as never;
    const expected = new TypeError(message);
    const bucket = new TokenBucket({ permitsPerSecond: 5 });
    const keyed = new KeyedRateLimiter({ permitsPerSecond: 5 });

    await expect(bucket.acquire(1, options)).rejects.toThrow(expected);
    await expect(keyed.acquire('a', 1, options)).rejects.toThrow(expected);
    await expect(keyed.forKey('a').acquire(1, options)).rejects.toThrow(expected);
    expect(() => bucket.reserve(1, options)).toThrow(expected);
    expect(() => bucket.estimateWaitMs(1, options)).toThrow(expected);
    expect([bucket.availablePermits(), keyed.availablePermits('a')]).toEqual([5, 5]);
  });

  it('may be empty, or undefined', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 5 });
    await bucket.acquire(1, {});
    await bucket.acquire(1, { ttlMs: undefined, signal: undefined, permits: undefined } as never);
    expect(bucket.stats().granted).toBe(2);
  });
});

describe('options of a semaphore', () => {
  it.each<[object, string]>([
    [{ weight: 3 }, 'weight is not an option; it is permits'],
    [{ permit: 3 }, 'permit is not an option; did you mean permits?'],
    [{ permits: 1, timeoutMS: 5 }, 'timeoutMS is not an option; did you mean timeoutMs?'],
    [
      AbortSignal.timeout(1_000),
      'options must be an object such as { signal }, got an AbortSignal',
    ],
  ])('are refused when they are %o, and nothing is held', async (wrong, message) => {
    const options = wrong as never;
    const expected = new TypeError(message);
    const semaphore = new Semaphore({ permits: 5 });
    const adaptive = new AdaptiveSemaphore({ maxPermits: 5, targetMs: 100 });

    await expect(semaphore.acquire(options)).rejects.toThrow(expected);
    await expect(semaphore.run(() => 1, options)).rejects.toThrow(expected);
    await expect(adaptive.acquire(options)).rejects.toThrow(expected);
    await expect(adaptive.run(() => 1, options)).rejects.toThrow(expected);
    expect([semaphore.active, adaptive.active]).toEqual([0, 0]);
  });

  it('are none of tryAcquire, which takes the number alone', () => {
    const semaphore = new Semaphore({ permits: 5 });
    expect(() => semaphore.tryAcquire({ permits: 2 } as never)).toThrow(
      new TypeError(
        'permits must be a whole number from 1 to the 5 of the limiter, got an object; tryAcquire takes the number alone',
      ),
    );
  });
});

describe('the permits of a semaphore, which are an option', () => {
  const expected = new TypeError('options must be an object such as { permits }, got 3');

  it('do not stand alone, as those of a rate limiter do', async () => {
    const semaphore = new Semaphore({ permits: 5 });

    await expect(semaphore.acquire(3 as never)).rejects.toThrow(expected);
    await expect(semaphore.run(() => 1, 3 as never)).rejects.toThrow(expected);
    expect(semaphore.active).toBe(0);
  });

  it('do not stand alone by key either', async () => {
    const semaphore = new KeyedSemaphore({ permits: 5 });

    await expect(semaphore.acquire('a', 3 as never)).rejects.toThrow(expected);
    await expect(semaphore.run('a', () => 1, 3 as never)).rejects.toThrow(expected);
    expect(semaphore.stats().active).toBe(0);
  });
});

describe.each([
  [undefined, 'undefined'],
  [5, '5'],
  [() => 1, 'a function'],
])('the key %o', (wrong, got) => {
  const key = wrong as never;
  const expected = new TypeError(`key must be a string, got ${got}`);

  it('has no bucket', async () => {
    const limiter = new KeyedRateLimiter({ permitsPerSecond: 1 });
    const refused = [
      () => limiter.tryAcquire(key),
      () => limiter.availablePermits(key),
      () => limiter.estimateWaitMs(key),
      () => limiter.refund(key, 1),
      () => limiter.penalize(key, 1),
      () => limiter.pauseUntil(key, 1),
      () => limiter.forKey(key),
      () => limiter.delete(key),
    ];

    for (const call of refused) expect(call).toThrow(expected);
    await expect(limiter.acquire(key)).rejects.toThrow(expected);
    await expect(limiter.acquire(key, 1, { timeoutMs: 5 })).rejects.toThrow(expected);
    expect(limiter.stats()).toMatchObject({ keys: 0, granted: 0 });
    limiter.close();
    for (const call of refused) expect(call).toThrow(expected);
  });

  it('has no semaphore', async () => {
    const semaphore = new KeyedSemaphore({ permits: 1 });

    expect(() => semaphore.tryAcquire(key)).toThrow(expected);
    expect(() => semaphore.forKey(key)).toThrow(expected);
    await expect(semaphore.acquire(key)).rejects.toThrow(expected);
    await expect(semaphore.run(key, () => 1)).rejects.toThrow(expected);
    expect(semaphore.stats()).toMatchObject({ keys: 0, granted: 0 });
  });
});

describe('Semaphore.map', () => {
  it.each([
    [5, () => 1, 'items must be an array, got 5'],
    [[5], undefined, 'fn must be a function, got undefined'],
  ])('refuses %o and %o', async (items, fn, message) => {
    const semaphore = new Semaphore({ permits: 1 });
    await expect(semaphore.map(items as never, fn as never)).rejects.toThrow(
      new TypeError(message),
    );
    expect(semaphore.active).toBe(0);
  });
});

describe('AdaptiveRate', () => {
  it('says which limiter it takes', () => {
    expect(() => new AdaptiveRate({} as never)).toThrow(
      new TypeError('limiter must be a TokenBucket, got undefined'),
    );
  });
});

describe('Breaker', () => {
  it.each([
    [10_000, 'window must be an object such as { calls } or { durationMs }, got 10000'],
    [{ ms: 10_000 }, 'ms is not an option; it is durationMs'],
    [{ durationMs: 5, buckets: 10 }, 'buckets is not an option; there are calls and durationMs'],
    [{}, 'window takes either calls or durationMs'],
    [{ calls: 5, durationMs: 5 }, 'window takes either calls or durationMs'],
  ])('refuses the window %j', (window, message) => {
    expect(() => new Breaker({ window: window as never })).toThrow(new TypeError(message));
  });

  it('runs nothing but functions, and counts no failure for others', async () => {
    const breaker = new Breaker({ consecutiveFailures: 1 });
    await expect(breaker.run(Promise.resolve() as never)).rejects.toThrow(
      new TypeError('fn must be a function, got a promise'),
    );
    expect(breaker.state).toBe('closed');
  });
});

describe('Breaker without a window', () => {
  it.each(['failureRatio', 'slowRatio', 'minCalls'])(
    'refuses %s, which would do nothing',
    (name) => {
      expect(() => new Breaker({ [name]: 1 })).toThrow(
        new TypeError(`${name} needs a window, such as window: { calls: 100 }`),
      );
      expect(() => new Breaker({ [name]: 1, window: { calls: 10 } })).not.toThrow();
    },
  );
});

describe('components in the place of options', () => {
  it('are told from options', () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });
    const got = 'got one of class TokenBucket; name is not an option';

    expect(() => new AdaptiveRate(bucket as never)).toThrow(
      new TypeError(`options must be an object such as { limiter }, ${got}`),
    );
    expect(() => new CombinedLimiter({ limits: [bucket] })).toThrow(
      new TypeError(`options must be an object such as { permitsPerSecond }, ${got}`),
    );
  });

  it.each([
    [undefined, 'got undefined'],
    [{}, 'got an object'],
    [[], 'got none'],
  ])('are no list of limits: %j', (limits, got) => {
    expect(() => new CombinedLimiter({ limits: limits as never })).toThrow(
      new TypeError(`limits must be an array of at least one limit, ${got}`),
    );
  });
});

describe('a priority', () => {
  it('is a finite number', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });
    const semaphore = new Semaphore({ permits: 1 });
    const message = 'priority must be a finite number, and higher ones go first, got ';
    const wrong = { priority: 'high' as never };

    await expect(bucket.acquire(1, wrong)).rejects.toThrow(new TypeError(`${message}"high"`));
    await expect(semaphore.acquire(wrong)).rejects.toThrow(new TypeError(`${message}"high"`));
    await expect(semaphore.acquire({ priority: Infinity })).rejects.toThrow(
      new RangeError(`${message}Infinity`),
    );
    expect([bucket.availablePermits(), semaphore.active]).toEqual([1, 0]);
  });
});

describe('what is left out', () => {
  it('neither gives back, punishes nor pauses for ever', () => {
    const bucket = new TokenBucket({ permitsPerSecond: 10 });
    const nothing = undefined as never;

    expect(() => bucket.refund(nothing)).toThrow(TypeError);
    expect(() => bucket.penalize(nothing)).toThrow(TypeError);
    expect(() => bucket.pauseUntil(nothing)).toThrow(
      new TypeError('epochMs must be a number, got undefined'),
    );
    expect(() => bucket.pauseUntil(new Date() as never)).toThrow(
      new TypeError('epochMs must be a number, got a Date'),
    );
    expect(bucket.availablePermits()).toBe(10);
  });

  it('is no status', () => {
    const limiter = new TokenBucket({ permitsPerSecond: 10 });
    const rate = new AdaptiveRate({ limiter });
    expect(() => rate.recordStatus('429' as never)).toThrow(
      new TypeError('status must be a number such as 429, got "429"'),
    );
  });
});

describe('Breaker.record', () => {
  it.each([
    [true, 5, 'outcome must be "success", "failure" or "ignored", got true'],
    ['ok', 5, 'outcome must be "success", "failure" or "ignored", got "ok"'],
    ['success', undefined, 'durationMs must be a number, got undefined'],
    ['failure', '5', 'durationMs must be a number, got "5"'],
  ])('refuses %j after %j', (outcome, durationMs, message) => {
    const breaker = new Breaker({ consecutiveFailures: 1 });
    expect(() => breaker.record(outcome as never, durationMs as never)).toThrow(
      new TypeError(message),
    );
    expect(breaker.state).toBe('closed');
  });

  it('is not told what judge does not know', async () => {
    const breaker = new Breaker({ consecutiveFailures: 1, judge: () => true as never });
    const failure = new Error('down');
    await expect(breaker.run(() => Promise.reject(failure))).rejects.toMatchObject({
      message: 'what judge answers must be "success", "failure" or "ignored", got true',
      cause: failure,
    });
  });
});

describe('Breaker.run', () => {
  it.each([[{ timeoutMs: 5 }], [5]])(
    'takes nothing beside the function, such as %o',
    async (more) => {
      const breaker = new Breaker();
      const run = breaker.run.bind(breaker) as (...given: unknown[]) => Promise<unknown>;
      await expect(run(() => 1, more)).rejects.toThrow(
        new TypeError('run(fn) takes nothing but fn: run(() => fn(argument))'),
      );
    },
  );
});

describe('KeyedRateLimiter.estimateWaitMs', () => {
  it('takes a priority, as that of a bucket does', () => {
    const limiter = new KeyedRateLimiter({ permitsPerSecond: 1 });
    expect(limiter.estimateWaitMs('a', 1, { priority: 5 })).toBe(0);
    expect(() => limiter.estimateWaitMs('a', 1, { prio: 5 } as never)).toThrow(
      new TypeError('prio is not an option; did you mean priority?'),
    );
  });
});

describe('AdaptiveSemaphore', () => {
  it('runs nothing but functions, and takes others for no overload', async () => {
    const semaphore = new AdaptiveSemaphore({ targetMs: 5, initialPermits: 1 });
    await expect(semaphore.run(Promise.resolve() as never)).rejects.toThrow(
      new TypeError('fn must be a function, got a promise'),
    );
    expect(semaphore.stats()).toMatchObject({ granted: 0, active: 0 });
  });

  it('hands out as many permits as it is asked for, or none', () => {
    const semaphore = new AdaptiveSemaphore({ targetMs: 5, initialPermits: 3 });
    const permit = semaphore.tryAcquire(2);
    expect(semaphore.active).toBe(2);
    expect(semaphore.tryAcquire(2)).toBeUndefined();
    permit?.release();
    expect(semaphore.active).toBe(0);
    expect(() => semaphore.tryAcquire(4)).toThrow(RangeError);
  });
});

describe('a Breaker that is held open', () => {
  it('tells of no time after which to try again', async () => {
    const breaker = new Breaker({ name: 'api' });
    breaker.forceOpen();
    await expect(breaker.run(() => 1)).rejects.toThrow(
      'circuit breaker "api" is open until somebody resets it',
    );
  });
});
