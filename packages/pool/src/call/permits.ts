import { type Permit, ToolkitError } from '@x/interfaces';
import { PoolClosedError } from '../errors.ts';
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
  { settings, metrics, closing }: PipelineContext,
): Promise<Permit | undefined> {
  call.scope.throwIfEnded();
  if (closing()) throw new PoolClosedError(call.facts, `pool "${settings.name}"`);
  const { clock, rateLimiter, concurrencyLimiter } = settings;
  const { permits } = call.options;
  if (rateLimiter === undefined && concurrencyLimiter === undefined) return undefined;

  const startedAt = clock.monotonic();
  if (permits > 0 && rateLimiter !== undefined && !rateLimiter.tryAcquire(permits)) {
    await waitForLimit(call, (options) => rateLimiter.acquire(permits, options));
  }
  const permit =
    concurrencyLimiter?.tryAcquire() ??
    (concurrencyLimiter &&
      (await waitForLimit(call, (options) => concurrencyLimiter.acquire(options))));
  const waitedMs = clock.monotonic() - startedAt;
  call.waitMs += waitedMs;
  metrics.waitedForLimits(waitedMs);
  return permit;
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
