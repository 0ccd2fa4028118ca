import type { Gate } from './gate.ts';

/** What a file is to become: the image it shall hold, or `null` for gone. */
export type Target = Buffer | null;

interface Change {
  target: Target;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Slot {
  running: Change | undefined;
  next: Change | undefined;
}

/**
 * Changes of files on their way to the disk: in order for each file, a bounded number at a time.
 * What has not begun when the next change of the same file comes is replaced by it.
 */
export class WriteQueue {
  readonly #gate: Gate;
  readonly #apply: (id: string, target: Target) => Promise<void>;
  readonly #slots = new Map<string, Slot>();
  #idle: PromiseWithResolvers<void> | undefined;

  /** @param apply - brings one change to the disk */
  constructor(gate: Gate, apply: (id: string, target: Target) => Promise<void>) {
    this.#gate = gate;
    this.#apply = apply;
  }

  /** Settles when the file is what `target` says, or what a later change made of it. */
  submit(id: string, target: Target): Promise<void> {
    let slot = this.#slots.get(id);
    if (slot?.next !== undefined) {
      slot.next.target = target;
      return slot.next.done;
    }
    const change = newChange(target);
    if (slot === undefined) {
      slot = { running: undefined, next: change };
      this.#slots.set(id, slot);
      void this.#gate.run(() => this.#work(id, slot as Slot));
    } else slot.next = change;
    return change.done;
  }

  /** What the file will be once its changes are done; `undefined` when none is on its way. */
  latest(id: string): Target | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    return (slot.next ?? slot.running)?.target;
  }

  /** Whether a change of the file is on its way. */
  has(id: string): boolean {
    return this.#slots.has(id);
  }

  /** The files with changes on their way. */
  ids(): string[] {
    return [...this.#slots.keys()];
  }

  /** Settles when nothing is on its way. */
  async idle(): Promise<void> {
    if (this.#slots.size === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  async #work(id: string, slot: Slot): Promise<void> {
    while (slot.next !== undefined) {
      slot.running = slot.next;
      slot.next = undefined;
      try {
        await this.#apply(id, slot.running.target);
        slot.running.resolve();
      } catch (error) {
        slot.running.reject(error);
      }
    }
    this.#slots.delete(id);
    if (this.#slots.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }
}

function newChange(target: Target): Change {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { target, done: promise, resolve, reject };
}
