import type { Clock, ScheduleOptions } from '@x/interfaces';
import { isCode, isExhausted } from './system-error.ts';

/** Before each further attempt; after 1.3 s in all nothing more is to be hoped for. */
const pausesMs = [10, 20, 40, 80, 160, 320, 640] as const;

/**
 * What the file system refuses for the moment is tried again: for want of descriptors, and on Windows, where
 * nobody may open, rename or remove a file while another program, such as a virus scanner, has it open. Other
 * systems do not refuse that for a moment only.
 */
export class FileRetry {
  readonly #clock: Clock;
  readonly #isWindows: boolean;

  constructor(clock: Clock, platform: NodeJS.Platform = process.platform) {
    this.#clock = clock;
    this.#isWindows = platform === 'win32';
  }

  /** Whether what failed for the `attempt`-th time, counted from 1, may succeed after a {@link pause}. */
  mayHelp(error: unknown, attempt: number): boolean {
    const isHeld = this.#isWindows && isCode(error, 'EBUSY', 'EPERM', 'EACCES');
    return (isHeld || isExhausted(error)) && attempt <= pausesMs.length;
  }

  /** The pause after the `attempt`-th failure. */
  async pause(attempt: number, options?: ScheduleOptions): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.schedule(resolve, pausesMs[attempt - 1] ?? 0, options);
    });
  }

  /**
   * What `task` answers, tried again after growing pauses while that may help.
   *
   * @param options - of the pauses: `background` when nobody waits for the answer
   * @throws the last error
   */
  async run<T>(task: () => Promise<T>, options?: ScheduleOptions): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (error) {
        if (!this.mayHelp(error, attempt)) throw error;
      }
      await this.pause(attempt, options);
    }
  }
}
