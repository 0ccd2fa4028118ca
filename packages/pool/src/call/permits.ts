import { type Permit, ToolkitError } from '@x/interfaces';
import { PoolClosedError } from '../errors/pool-closed-error.ts';
import type { OriginState } from '../origins/origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { Call } from './call.ts';

const limitTimeouts: ReadonlySet<string> = new Set([
  'ERR_RATE_LIMIT_TIMEOUT',
  'ERR_CONCURRENCY_TIMEOUT',
]);

/**
 * Waits for what the limiters give: first the permits of the rate, then the right to run, so that
 * nothing is held while it waits for the rate.
 *
 * @returns the permit to release when the attempt is over, where there is a concurrency limiter
 */
export async function acquirePermits(
  call: Call,
  { rateLimiters, concurrencyLimiters }: OriginState,
  { settings, metrics, closing }: PipelineContext,
): Promise<Permit | undefined> {
  call.scope.throwIfEnded();
  if (closing()) throw new PoolClosedError(call.facts, `pool "${settings.name}"`);
  if (rateLimiters.length === 0 && concurrencyLimiters.length === 0) return undefined;
  const { clock } = settings;
  const { permits } = call.options;
  const startedAt = clock.monotonic();
  if (permits > 0) {
    for (const limiter of rateLimiters) {
      // A limiter would count a refusal where the call only has to wait.
      if (limiter.availablePermits() >= permits && limiter.tryAcquire(permits)) continue;
      await waitForLimit(call, (options) => limiter.acquire(permits, options));
    }
  }
  const held: Permit[] = [];
  try {
    for (const limiter of concurrencyLimiters) {
      const free = limiter.available > 0 ? limiter.tryAcquire() : undefined;
      held.push(free ?? (await waitForLimit(call, (options) => limiter.acquire(options))));
    }
  } catch (error) {
    releaseAll(held);
    throw error;
  }
  const waitedMs = clock.monotonic() - startedAt;
  call.limitMs += waitedMs;
  metrics.waitedForLimits(waitedMs);
  return held.length < 2 ? held[0] : allOf(held);
}

/** Several permits as one. */
function allOf(permits: readonly Permit[]): Permit {
  const release = (): void => releaseAll(permits);
  return { release, [Symbol.dispose]: release };
}

function releaseAll(permits: readonly Permit[]): void {
  for (const permit of permits) permit.release();
}

async function waitForLimit<T>(
  call: Call,
  acquire: (options: { signal: AbortSignal; timeoutMs: number }) => Promise<T>,
): Promise<T> {
  const { signal, remainingMs: timeoutMs } = call.scope;
  try {
    return await call.pause(() => acquire({ signal, timeoutMs }));
  } catch (error) {
    // The limiter knows before the deadline that it will not keep it.
    if (ToolkitError.isToolkitError(error) && limitTimeouts.has(error.code)) {
      throw call.totalTimeoutError(error);
    }
    throw error;
  }
}
