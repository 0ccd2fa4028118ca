export { describeConcurrencyLimiter } from './describe-concurrency-limiter.ts';
export { describeRateLimiter } from './describe-rate-limiter.ts';
export { describeStore } from './describe-store.ts';
export { FailingStore, SlowStore } from './faulty-stores.ts';
export { hostileKeys } from './hostile-keys.ts';
export { affixPattern } from './key-patterns.ts';
export { ManualClock } from './manual-clock.ts';
