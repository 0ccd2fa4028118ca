import { closeSync, openSync, readSync } from 'node:fs';

/** What one turn of the event loop took, in milliseconds: the time in which nothing else could run. */
export interface Turn {
  /** From the clock. */
  readonly wallMs: number;
  /** Of it, waiting for a core that other processes had. */
  readonly corelessMs: number;
  /** Of it, computing; the rest was spent waiting for the disk, or for a lock. */
  readonly cpuMs: number;
  /** Writes that this thread asked the system for meanwhile. */
  readonly writes: number;
}

/** A file below /proc that is read again and again. */
class Numbers {
  readonly #file: number;
  readonly #buffer = Buffer.alloc(512);

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  read(): number[] {
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    return this.#buffer.toString('latin1', 0, length).match(/\d+/gu)?.map(Number) ?? [];
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** What was known of the thread at a moment. */
interface Moment {
  readonly at: bigint;
  readonly cpu: number;
  readonly coreless: number;
  readonly writes: number;
}

/**
 * Watches every turn of the event loop from when it is made until it is closed. Linux alone tells how long
 * a thread waited for a core; without that, a machine with more processes than cores seems to stall.
 */
export class TurnWatch {
  readonly #scheduling = new Numbers('/proc/self/schedstat');
  readonly #traffic = new Numbers(`/proc/self/task/${process.pid}/io`);
  readonly #onTurn: (turn: Turn) => void;
  #isClosed = false;
  #start: Moment;

  constructor(onTurn: (turn: Turn) => void) {
    this.#onTurn = onTurn;
    this.#start = this.#leave();
    setImmediate(this.#next);
  }

  close(): void {
    this.#isClosed = true;
    this.#scheduling.close();
    this.#traffic.close();
  }

  readonly #next = (): void => {
    if (this.#isClosed) return;
    const start = this.#start;
    const at = process.hrtime.bigint();
    const [cpu = 0, coreless = 0] = this.#scheduling.read();
    const [, , , writes = 0] = this.#traffic.read();
    this.#onTurn({
      wallMs: Number(at - start.at) / 1e6,
      corelessMs: (coreless - start.coreless) / 1e6,
      cpuMs: (cpu - start.cpu) / 1e6,
      writes: writes - start.writes,
    });
    setImmediate(this.#next);
    this.#start = this.#leave();
  };

  /** The core may be lost while it is asked for: what a look itself takes belongs to no turn. */
  #leave(): Moment {
    const [, , , writes = 0] = this.#traffic.read();
    const [cpu = 0, coreless = 0] = this.#scheduling.read();
    return { at: process.hrtime.bigint(), cpu, coreless, writes };
  }
}
