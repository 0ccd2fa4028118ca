import type { GaugeChild, Meter } from '@x/interfaces';
import type { DispatcherStats } from '../dispatcher/bounded-dispatcher.ts';

/** How a pool stands now. */
export interface PoolLevels extends DispatcherStats {
  readonly reuseRatio: number;
}

type ReadLevel = (levels: PoolLevels) => number;

/**
 * How a pool stands, in a meter: the meter asks when it is read, where it can. Else it is told by
 * {@link PoolGauges.update}.
 */
export class PoolGauges implements Disposable {
  readonly #levels: () => PoolLevels;
  readonly #observations: Disposable[] = [];
  readonly #told: (readonly [gauge: GaugeChild, read: ReadLevel])[] = [];

  constructor(meter: Meter, pool: string, levels: () => PoolLevels) {
    this.#levels = levels;
    const add = (name: string, help: string, read: ReadLevel): void => {
      const gauge = meter.gauge(name, { help, labelNames: ['pool'] }).labels(pool);
      const observation = gauge.observe?.(() => read(levels()));
      if (observation === undefined) this.#told.push([gauge, read]);
      else this.#observations.push(observation);
    };
    add('pool_connections_open', 'Connections open now.', (now) => now.connectionsOpen);
    add('pool_connections_idle', 'Connections that nobody uses now.', (now) => now.connectionsIdle);
    add('pool_queued', 'Requests that wait for a connection.', (now) => now.queued);
    add(
      'pool_reuse_ratio',
      'Share of requests that needed no new connection.',
      (now) => now.reuseRatio,
    );
  }

  update(): void {
    if (this.#told.length === 0) return;
    const now = this.#levels();
    for (const [gauge, read] of this.#told) gauge.set(read(now));
  }

  /** The meter keeps what there is now. */
  [Symbol.dispose](): void {
    for (const observation of this.#observations) observation[Symbol.dispose]();
  }
}
