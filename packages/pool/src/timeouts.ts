import type { Clock } from '@x/interfaces';

/** Told when a {@link Timeout} that it started is over. */
export interface TimeoutListener {
  onTimeout(timeout: Timeout): void;
}

/** One running timeout. */
export class Timeout {
  readonly lengthMs: number;
  readonly listener: TimeoutListener;
  readonly #queue: TimeoutQueue | undefined;
  /** Of its queue alone. */
  due = 0;
  /** Of its queue alone. */
  previous: Timeout | undefined;
  /** Of its queue alone. */
  next: Timeout | undefined;
  /** Of its queue alone. */
  running = false;

  constructor(lengthMs: number, listener: TimeoutListener, queue: TimeoutQueue | undefined) {
    this.lengthMs = lengthMs;
    this.listener = listener;
    this.#queue = queue;
  }

  /** Starts it anew, if it still runs. */
  touch(): void {
    if (this.running) this.#queue?.restart(this);
  }

  stop(): void {
    if (this.running) this.#queue?.remove(this);
  }
}

/**
 * Timeouts of one length behind one timer. Whatever starts later is due later, so that a list in the
 * order of their starts is sorted, and starting, touching and stopping one takes constant time.
 */
class TimeoutQueue {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  #first: Timeout | undefined;
  #last: Timeout | undefined;
  #timer: Disposable | undefined;

  constructor(clock: Clock, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  add(timeout: Timeout): void {
    timeout.running = true;
    timeout.due = this.#clock.monotonic() + this.#lengthMs;
    timeout.previous = this.#last;
    timeout.next = undefined;
    if (this.#last === undefined) this.#first = timeout;
    else this.#last.next = timeout;
    this.#last = timeout;
    this.#timer ??= this.#clock.schedule(() => this.#fire(), this.#lengthMs);
  }

  restart(timeout: Timeout): void {
    this.#unlink(timeout);
    this.add(timeout);
  }

  remove(timeout: Timeout): void {
    this.#unlink(timeout);
    if (this.#first !== undefined) return;
    // A timer for nobody would keep the process alive.
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #unlink(timeout: Timeout): void {
    const { previous, next } = timeout;
    timeout.running = false;
    timeout.previous = timeout.next = undefined;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (let first = this.#first; first !== undefined && first.due <= now; first = this.#first) {
      this.#unlink(first);
      first.listener.onTimeout(first);
    }
    if (this.#first === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.schedule(() => this.#fire(), this.#first.due - now);
  }
}

/** Empty queues are forgotten beyond as many lengths. */
const mostLengths = 32;

/** Timeouts of any length, with one timer for each length that is in use. */
export class Timeouts {
  readonly #clock: Clock;
  readonly #queues = new Map<number, TimeoutQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param lengthMs - above 0; `Infinity` never fires */
  start(lengthMs: number, listener: TimeoutListener): Timeout {
    if (lengthMs === Infinity) return new Timeout(lengthMs, listener, undefined);
    const queue = this.#queues.get(lengthMs) ?? this.#createQueue(lengthMs);
    const timeout = new Timeout(lengthMs, listener, queue);
    queue.add(timeout);
    return timeout;
  }

  #createQueue(lengthMs: number): TimeoutQueue {
    if (this.#queues.size >= mostLengths) {
      for (const [length, queue] of this.#queues) if (queue.isEmpty) this.#queues.delete(length);
    }
    const queue = new TimeoutQueue(this.#clock, lengthMs);
    this.#queues.set(lengthMs, queue);
    return queue;
  }
}
