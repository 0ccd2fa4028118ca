import {
  describeCircuitBreaker,
  describeConcurrencyLimiter,
  describeRateLimiter,
  describeRetryBudget,
} from '@x/testkit';
import {
  AdaptiveSemaphore,
  Breaker,
  CombinedLimiter,
  KeyedRateLimiter,
  KeyedSemaphore,
  perHour,
  Semaphore,
  TokenBucket,
  TokenRetryBudget,
} from '../src/index.ts';

const limit = { permitsPerSecond: 10, burst: 5 };

describeRateLimiter('TokenBucket', (clock) => new TokenBucket({ ...limit, clock }));
describeRateLimiter(
  'CombinedLimiter',
  (clock) =>
    new CombinedLimiter({
      limits: [{ permitsPerSecond: perHour(1e6), burst: 1e6 }, limit],
      clock,
    }),
);
describeRateLimiter('KeyedRateLimiter.forKey', (clock) =>
  new KeyedRateLimiter({ ...limit, clock }).forKey('a'),
);

describeConcurrencyLimiter('Semaphore', (clock) => new Semaphore({ permits: 2, clock }));
describeConcurrencyLimiter(
  'Semaphore that measures waits',
  (clock) => new Semaphore({ permits: 2, measureWaits: true, clock }),
);
describeConcurrencyLimiter('KeyedSemaphore.forKey', (clock) =>
  new KeyedSemaphore({ permits: 2, clock }).forKey('a'),
);
describeConcurrencyLimiter(
  'AdaptiveSemaphore',
  (clock) => new AdaptiveSemaphore({ targetMs: 100, minPermits: 2, maxPermits: 2, clock }),
);

describeCircuitBreaker(
  'Breaker',
  (clock) => new Breaker({ consecutiveFailures: 3, breakMs: 1_000, clock }),
);

describeRetryBudget(
  'TokenRetryBudget',
  (clock) => new TokenRetryBudget({ maxBalance: 5, minRetriesPerSecond: 0, clock }),
);
