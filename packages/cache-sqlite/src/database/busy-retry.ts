import type { Clock } from '@x/interfaces';

/** How long a statement itself may wait for a lock: it holds up the event loop meanwhile. */
export const busyTimeoutMs = 2;
/** How long an operation tries again before it gives up. */
const deadlineMs = 5_000;
const longestPauseMs = 10;

/**
 * What `attempt` answers, tried again with growing pauses while another process holds the lock.
 *
 * @throws the last error, when it is no lock or five seconds have passed
 */
export async function retryWhileBusy<T>(
  attempt: () => T,
  isBusy: (error: unknown) => boolean,
  clock: Clock,
): Promise<T> {
  const deadline = clock.monotonic() + deadlineMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || clock.monotonic() >= deadline) throw error;
    }
    // Processes that wait for the same lock must not come back at the same moment.
    const jitteredMs = pauseMs * (0.5 + Math.random());
    await new Promise<void>((resolve) => clock.schedule(resolve, jitteredMs));
  }
}
