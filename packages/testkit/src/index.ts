export { describeCircuitBreaker } from './describe-circuit-breaker.ts';
export { describeConcurrencyLimiter } from './describe-concurrency-limiter.ts';
export { describeRateLimiter } from './describe-rate-limiter.ts';
export { describeRetryBudget } from './describe-retry-budget.ts';
export { describeStore } from './describe-store.ts';
export { describeStoreBytes } from './describe-store-bytes.ts';
export { FailingStore, SlowStore } from './faulty-stores.ts';
export { hostileKeys } from './hostile-keys.ts';
export { affixPattern } from './key-patterns.ts';
export { ManualClock } from './manual-clock.ts';
export type { Packument, PackageVersion } from './upstream/packument.ts';
export { testCertificate } from './upstream/test-certificate.ts';
export type { UpstreamServerOptions } from './upstream/upstream-options.ts';
export { UpstreamServer } from './upstream/upstream-server.ts';
export type { UpstreamStats } from './upstream/upstream-traffic.ts';
export { describeStoreCoordination } from './persistent/describe-store-coordination.ts';
export { describeStoreHazards } from './persistent/describe-store-hazards.ts';
export { describeStoreInvalidation } from './persistent/describe-store-invalidation.ts';
export { describeStoreModel } from './persistent/describe-store-model.ts';
export { describeStoreProcesses } from './persistent/describe-store-processes.ts';
export { remount, smallDisk } from './persistent/small-disk.ts';
export type {
  OpenOptions,
  OpenStore,
  SharedStore,
  StoreOpener,
} from './persistent/store-opener.ts';
export { type RunningJob, StoreProcesses } from './persistent/store-processes.ts';
export { temporaryFolder } from './persistent/temporary-folder.ts';
