import {
  cached,
  circuitBroken,
  concurrencyLimited,
  monitored,
  rateLimited,
  retried,
  timeLimited,
} from '@x/decorators';
import { describe, expect, it } from 'vitest';

class AnyCache {
  getOrSet(): undefined {
    return undefined;
  }
}

class AnyStore {
  get(): undefined {
    return undefined;
  }
}

type Loose = (...args: readonly unknown[]) => unknown;

const decorators = {
  cached,
  circuitBroken,
  concurrencyLimited,
  monitored,
  rateLimited,
  retried,
  timeLimited,
} as unknown as Readonly<Record<string, Loose>>;

class Users {
  async find(id: number): Promise<number> {
    return id;
  }
}

const written = [
  ['cached', '@cached(cache)'],
  ['circuitBroken', '@circuitBroken(breaker)'],
  ['concurrencyLimited', '@concurrencyLimited(semaphore)'],
  ['monitored', '@monitored(registry)'],
  ['rateLimited', '@rateLimited(limiter)'],
  ['retried', '@retried()'],
  ['timeLimited', '@timeLimited({ timeoutMs })'],
] as const;

describe('a decorator without its call', () => {
  it.each(written)('is told how it is written: %s', (name, call) => {
    const { prototype } = Users;
    const refusal = new TypeError(`@${name} decorates only when it is called: write ${call}`);
    const decorate = decorators[name] as Loose;
    const context = { kind: 'method', name: 'find', private: false, static: false };
    // As standard decorators are called, and as those of `experimentalDecorators` are.
    expect(() => decorate(Reflect.get(prototype, 'find'), context)).toThrow(refusal);
    const descriptor = Object.getOwnPropertyDescriptor(prototype, 'find');
    expect(() => decorate(prototype, 'find', descriptor)).toThrow(refusal);
  });

  it.each([
    ['retried', 'retried()(fn)'],
    ['timeLimited', 'timeLimited({ timeoutMs })(fn)'],
  ])('is a wrapper that is called twice: %s', (name, call) => {
    expect(() => decorators[name]?.(async () => 1)).toThrow(
      new TypeError(`${name} takes options first, got a function: write ${call}`),
    );
  });
});

describe('options behind the function', () => {
  it.each([
    ['cached', [new AnyCache()], { ttlMs: 5 }],
    ['retried', [], { maxRetries: 5 }],
  ])('are refused by %s, which would overlook them', (name, args, options) => {
    const wrap = decorators[name]?.(...args) as Loose;
    expect(() => wrap(async () => 1, options)).toThrow(
      new TypeError(`options of ${name} go before the function: ${name}(…, options)(fn)`),
    );
  });
});

describe('a second argument', () => {
  it.each([
    ['retried', [{}, { maxRetries: 1 }], 'retried()'],
    ['timeLimited', [{ timeoutMs: 5 }, {}], 'timeLimited({ timeoutMs })'],
    ['circuitBroken', [{ run: () => {} }, { timeoutMs: 5 }], 'circuitBroken(breaker)'],
  ] as const)('is refused by %s, which would overlook it', (name, args, call) => {
    expect(() => decorators[name]?.(...args)).toThrow(
      new TypeError(`${name} takes one argument, got two: write ${call}`),
    );
  });

  it('may be the index of map', () => {
    expect([{ maxRetries: 1 }].map(decorators['retried'] as Loose)).toHaveLength(1);
  });
});

describe('what is needed', () => {
  const cases: [string, readonly unknown[], string][] = [
    ['cached', [AnyCache], 'the class AnyCache: give an object of it'],
    ['cached', [new AnyStore()], 'an object of the class AnyStore'],
    ['cached', [{ ttlMs: 5 }], 'an object without it'],
    ['cached', [], 'undefined'],
    ['rateLimited', [], 'undefined'],
    ['concurrencyLimited', [3], '3'],
    ['circuitBroken', [Promise.resolve()], 'a promise: await it'],
  ];
  const such: Readonly<Record<string, string>> = {
    cached: 'getOrSet(), such as a CacheManager',
    rateLimited: 'availablePermits(), such as a TokenBucket',
    concurrencyLimited: 'run(), such as a Semaphore',
    circuitBroken: 'run(), such as a Breaker',
  };

  it.each(cases)('is told to %s(%j)', (name, args, came) => {
    expect(() => decorators[name]?.(...args)).toThrow(
      new TypeError(
        `${name} needs an object with ${such[name]}, or a function that answers one; got ${came}`,
      ),
    );
  });

  it('is a text for the name of a timer', () => {
    const meter = { timer: () => ({}) };
    expect(() => decorators['monitored']?.(meter, { name: 'a' })).toThrow(
      new TypeError(
        'name must be a text before the options: monitored(registry, name, { labels })',
      ),
    );
  });
});

describe('options under the names of other libraries', () => {
  const seconds = 'ttlMs, in milliseconds: seconds(60)';
  it.each([
    ['cached', [new AnyCache(), { keyPrefix: 'a' }], 'it is name, with which the keys begin'],
    ['cached', [new AnyCache(), { condition: () => true }], 'it is ttlMs, a function of the'],
    ['cached', [new AnyCache(), { ttlSeconds: 5 }], `it is ${seconds}`],
    ['cached', [new AnyCache(), { keys: [] }], 'did you mean key?'],
    ['retried', [{ times: 3 }], 'it is maxRetries, which does not count the first attempt'],
    ['retried', [{ onFailedAttempt: () => {} }], 'it is retryIf, which is asked before each retry'],
    ['monitored', [{ timer: () => ({}) }, 'a', { labelNames: [] }], 'did you mean labels?'],
  ] as const)('are refused by %s', (name, args, meant) => {
    expect(() => decorators[name]?.(...args)).toThrow(meant);
  });
});
