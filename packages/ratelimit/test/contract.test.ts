import { describeConcurrencyLimiter, describeRateLimiter } from '@x/testkit';
import { Semaphore, TokenBucket } from '../src/index.ts';

describeRateLimiter(
  'TokenBucket',
  (clock) => new TokenBucket({ permitsPerSecond: 10, burst: 5, clock }),
);

describeConcurrencyLimiter('Semaphore', (clock) => new Semaphore({ permits: 2, clock }));
