import type { Clock } from '@x/interfaces';

/**
 * Runs `task` on `owner` once after `delayMs`, without keeping the process or `owner` alive: a
 * cache that is dropped without being closed can still be collected.
 */
export function scheduleInBackground<T extends object>(
  clock: Clock,
  owner: T,
  task: (owner: T) => void,
  delayMs: number,
): Disposable {
  const reference = new WeakRef(owner);
  const run = (): void => {
    const alive = reference.deref();
    if (alive !== undefined) task(alive);
  };
  return clock.schedule(run, delayMs, { background: true });
}
