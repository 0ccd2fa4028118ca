import type { CircuitBreaker, ConcurrencyLimiter, RateLimiter, RetryBudget } from '@x/interfaces';
import {
  breakerOption,
  concurrencyLimiterOption,
  rateLimiterOption,
  retryBudgetOption,
} from './guard-options.ts';
import { LatencyWindow } from './latency-window.ts';
import { OriginRetryBudget } from './origin-retry-budget.ts';
import type { PoolSettings } from '../pool-settings.ts';

/** What a pool keeps for one origin. */
export class OriginState {
  readonly budget: RetryBudget | undefined;
  readonly breaker: CircuitBreaker | undefined;
  /** To ask for permits, in this order: the narrow ones first, so that the wide ones do not wait in vain. */
  readonly rateLimiters: readonly RateLimiter[];
  readonly concurrencyLimiters: readonly ConcurrencyLimiter[];
  readonly latencies: LatencyWindow = new LatencyWindow();

  constructor(origin: string, settings: PoolSettings) {
    const { retryBudgetFor, breakerFor, rateLimiterFor, concurrencyLimiterFor } = settings;
    const isLimiter = <T>(limiter: T | undefined): limiter is T => limiter !== undefined;
    if (retryBudgetFor === undefined) this.budget = new OriginRetryBudget(settings.clock);
    else if (retryBudgetFor !== false) {
      this.budget = retryBudgetOption('retryBudgetFor(origin)', retryBudgetFor(origin));
    }
    this.breaker = breakerOption('breakerFor(origin)', breakerFor?.(origin));
    this.rateLimiters = [
      rateLimiterOption('rateLimiterFor(origin)', rateLimiterFor?.(origin)),
      settings.rateLimiter,
    ].filter(isLimiter);
    this.concurrencyLimiters = [
      concurrencyLimiterOption('concurrencyLimiterFor(origin)', concurrencyLimiterFor?.(origin)),
      settings.concurrencyLimiter,
    ].filter(isLimiter);
  }

  /** Whether an attempt must ask somebody before it goes out. */
  get isGuarded(): boolean {
    const { breaker, rateLimiters, concurrencyLimiters } = this;
    return breaker !== undefined || rateLimiters.length > 0 || concurrencyLimiters.length > 0;
  }

  /** The server asks for a pause: the origin's own limiter obeys, or else the one for all. */
  pauseUntil(epochMs: number): void {
    this.rateLimiters[0]?.pauseUntil(epochMs);
  }
}

const mostOrigins = 10_000;

/** The states of the origins that a pool talks to. */
export class OriginStates {
  readonly #settings: PoolSettings;
  readonly #states = new Map<string, OriginState>();

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** @param origin - as `URL` writes it */
  get(origin: string): OriginState {
    return this.#states.get(origin) ?? this.#create(origin);
  }

  has(origin: string): boolean {
    return this.#states.has(origin);
  }

  #create(origin: string): OriginState {
    if (this.#states.size >= mostOrigins) {
      const [oldest = ''] = this.#states.keys();
      this.#states.delete(oldest);
    }
    const state = new OriginState(origin, this.#settings);
    this.#states.set(origin, state);
    return state;
  }
}
