import type { Dispatcher } from 'undici';
import type { PoolMetrics } from './pool-metrics.ts';
import type { PoolSettings } from './pool-settings.ts';

/** What all layers of a pool share. */
export interface PipelineContext {
  readonly settings: PoolSettings;
  readonly dispatcher: Dispatcher;
  /** Whether the dispatcher says when a request gets its connection. */
  readonly reportsConnections: boolean;
  readonly metrics: PoolMetrics;
  /** Whether the pool closes, so that nothing new may begin. */
  readonly closing: () => boolean;
}
