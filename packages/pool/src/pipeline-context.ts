import type { Dispatcher } from 'undici';
import type { CallList } from './call/call-list.ts';
import type { OriginStates } from './origins/origin-states.ts';
import type { PoolMetrics } from './metrics/pool-metrics.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { UnreadBodies } from './response/unread-bodies.ts';
import type { Timeouts } from './timeouts.ts';

/** What all layers of a pool share. */
export interface PipelineContext {
  readonly settings: PoolSettings;
  readonly dispatcher: Dispatcher;
  /** Whether the dispatcher says when a request gets its connection. */
  readonly reportsConnections: boolean;
  readonly metrics: PoolMetrics;
  readonly timeouts: Timeouts;
  readonly origins: OriginStates;
  readonly unreadBodies: UnreadBodies;
  /** The calls under way. */
  readonly calls: CallList;
  /** Whether the pool closes, so that nothing new may begin. */
  readonly closing: () => boolean;
}
