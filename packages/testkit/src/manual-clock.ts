import type { Clock } from '@x/interfaces';

interface ScheduledTask {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
  readonly background: boolean;
}

/** A clock that stands still until a test moves it. Tasks run inside `advance`, in due order. */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #order = 0;
  readonly #tasks = new Set<ScheduledTask>();

  /** @param startMs - the first answer of `now()`, epoch ms. @defaultValue 2026-01-01T00:00:00Z */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  schedule(
    task: () => void,
    delayMs: number,
    options?: { background?: boolean | undefined },
  ): Disposable {
    const scheduled: ScheduledTask = {
      due: this.#monotonic + Math.max(0, delayMs),
      order: this.#order++,
      task,
      background: options?.background ?? false,
    };
    this.#tasks.add(scheduled);
    return { [Symbol.dispose]: () => void this.#tasks.delete(scheduled) };
  }

  /** Moves both clocks forward and runs what becomes due, each task at its own time. */
  advance(ms: number): void {
    const target = this.#monotonic + ms;
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      this.#tasks.delete(next);
      this.#moveTo(Math.max(next.due, this.#monotonic));
      next.task();
    }
    this.#moveTo(target);
  }

  /** Like {@link advance}, and lets promises settle before and after each task. */
  async advanceAsync(ms: number): Promise<void> {
    const target = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      this.#tasks.delete(next);
      this.#moveTo(Math.max(next.due, this.#monotonic));
      next.task();
      await settle();
    }
    this.#moveTo(target);
  }

  /** Steps the wall clock alone, as a user or a time server does. */
  stepWallClock(ms: number): void {
    this.#wall += ms;
  }

  /** Tasks waiting to run; `foreground` are those that would keep a process alive. */
  get pending(): { readonly foreground: number; readonly background: number } {
    let background = 0;
    for (const task of this.#tasks) if (task.background) background++;
    return { foreground: this.#tasks.size - background, background };
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }

  #next(target: number): ScheduledTask | undefined {
    let first: ScheduledTask | undefined;
    for (const task of this.#tasks) {
      if (task.due > target) continue;
      if (first === undefined || task.due < first.due) first = task;
      else if (task.due === first.due && task.order < first.order) first = task;
    }
    return first;
  }
}

/** One full turn of the event loop, so that every promise chain that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
