import { type Clock, systemClock } from '@x/interfaces';

/** Time passes by itself, so that what takes long is put off; deadlines go by the clock of the test. */
export function passing(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => systemClock.monotonic(),
    schedule: (task, delayMs, options) => clock.schedule(task, delayMs, options),
  };
}
