export type { Awaitable } from './awaitable.ts';
export {
  type Cache,
  type CacheInvalidation,
  type CacheSetOptions,
  type GetOrSetOptions,
  type Loader,
  type LoaderContext,
  type LoadOptions,
  loadOptionNames,
  type StaleOptions,
  type SyncCache,
  type SyncCacheSetOptions,
} from './cache.ts';
export type { CallOutcome, CircuitBreaker, CircuitState } from './circuit-breaker.ts';
export { type Clock, type ScheduledTask, type ScheduleOptions, systemClock } from './clock.ts';
export { clockOption, loggerOption, meterOption, signalOption } from './component-options.ts';
export { ClosedError } from './errors/closed-error.ts';
export type { ConcurrencyLimiter, Permit } from './concurrency-limiter.ts';
export { describeError } from './describe-error.ts';
export { type Entry, isExpired } from './entry.ts';
export { EventHub, type EventSource, type Listener } from './events.ts';
export { inspectable } from './inspectable.ts';
export { isThenable } from './is-thenable.ts';
export type { KeyPattern } from './key-pattern.ts';
export type { Logger } from './logger.ts';
export type {
  Counter,
  CounterChild,
  Exemplar,
  Gauge,
  GaugeChild,
  Histogram,
  HistogramChild,
  HistogramOptions,
  InstrumentOptions,
  Labelled,
  LabelRecord,
  LabelValues,
  Meter,
  RunningTimer,
  Timer,
  TimerChild,
  TimerOutcome,
} from './meter.ts';
export { noopMeter } from './noop-meter.ts';
export {
  booleanOption,
  choiceOption,
  describeValue,
  functionOption,
  numberOption,
  type NumberRange,
  objectOption,
  textOption,
} from './option-checks.ts';
export {
  checkOptionNames,
  type MisnamedOptions,
  type NameList,
  type OptionNames,
  pickOptions,
} from './option-names.ts';
export { classNameOf } from './class-name.ts';
export { nearestNames } from './nearest-names.ts';
export type {
  EntryInfo,
  EntryOrder,
  EntryQuery,
  EvictEvent,
  PersistentStore,
  PersistentStoreEvents,
  PurgeEvent,
  PurgeRequest,
  PurgeStrategy,
  Verification,
} from './persistent-store.ts';
export type { AcquireOptions, RateLimiter } from './rate-limiter.ts';
export type { RetryBudget } from './retry-budget.ts';
export type {
  CallOptions,
  InvalidationTarget,
  KeysOptions,
  PurgeOptions,
  SetOptions,
  Store,
  StoreChanges,
  StoreLease,
  StoreStats,
} from './store.ts';
export {
  checkEntries,
  checkEntry,
  checkKey,
  checkKeys,
  checkPattern,
  checkStoreCall,
  checkTags,
  checkTarget,
  purgeLimit,
} from './store-checks.ts';
export { StoreOpenError } from './errors/store-open-error.ts';
export { StoreReadError } from './errors/store-read-error.ts';
export { StoreWriteError } from './errors/store-write-error.ts';
export { ToolkitError } from './errors/toolkit-error.ts';
export { days, hours, minutes, seconds } from './units.ts';
