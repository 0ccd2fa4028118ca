/** What a server has seen since its start. */
export interface UpstreamStats {
  /** Requests that arrived. */
  readonly requests: number;
  /** Connections that were accepted. */
  readonly connections: number;
  /** Answers by status code. */
  readonly byStatus: Readonly<Record<number, number>>;
  /** Most requests under way at the same time. */
  readonly maxConcurrent: number;
  /** Most connections open at the same time, over all origins. */
  readonly maxOpenConnections: number;
  /** Connections open now. */
  readonly openConnections: number;
}

/** Counts requests and connections. */
export class UpstreamTraffic {
  #requests = 0;
  #running = 0;
  #maxConcurrent = 0;
  #connections = 0;
  #open = 0;
  #maxOpen = 0;
  readonly #byStatus: Record<number, number> = {};

  connectionOpened(): void {
    this.#connections++;
    this.#maxOpen = Math.max(this.#maxOpen, ++this.#open);
  }

  connectionClosed(): void {
    this.#open--;
  }

  requestStarted(): void {
    this.#requests++;
    this.#maxConcurrent = Math.max(this.#maxConcurrent, ++this.#running);
  }

  /** @param status - of the answer, or `undefined` when the request ended without one */
  requestEnded(status: number | undefined): void {
    this.#running--;
    if (status !== undefined) this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  stats(): UpstreamStats {
    return {
      requests: this.#requests,
      connections: this.#connections,
      byStatus: { ...this.#byStatus },
      maxConcurrent: this.#maxConcurrent,
      maxOpenConnections: this.#maxOpen,
      openConnections: this.#open,
    };
  }
}
