import type { Clock, StoreLease } from '@x/interfaces';
import type { Flight } from './flight.ts';
import type { Tier } from '../tiers/tier.ts';
import type { Tiers } from '../tiers/tiers.ts';

const shortestWaitMs = 25;
const longestWaitMs = 200;
/** A lease is renewed this often within its time. */
const renewalsPerTerm = 3;

export interface LeaseOptions {
  readonly clock: Clock;
  readonly leaseTtlMs: number;
  readonly random: () => number;
}

/** A lease that is renewed until it is released. */
export class HeldLease {
  /** The store that gave it. */
  readonly tier: Tier;
  readonly #lease: StoreLease;
  readonly #options: LeaseOptions;
  #timer: Disposable | undefined;

  constructor(lease: StoreLease, tier: Tier, options: LeaseOptions) {
    this.#lease = lease;
    this.tier = tier;
    this.#options = options;
    this.#arm();
  }

  async release(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    await this.tier.ask('lease', () => this.#lease.release());
  }

  #arm(): void {
    const { clock, leaseTtlMs } = this.#options;
    const delayMs = leaseTtlMs / renewalsPerTerm;
    this.#timer = clock.schedule(() => void this.#renew(), delayMs, { background: true });
  }

  async #renew(): Promise<void> {
    const { leaseTtlMs } = this.#options;
    const isHeld = await this.tier.ask('lease', () => this.#lease.renew(leaseTtlMs));
    if (isHeld === true && this.#timer !== undefined) this.#arm();
  }
}

/** Lets one process at a time load a key, where the stores have leases. */
export class LeaseTurns {
  readonly #tier: Tier | undefined;
  readonly #options: LeaseOptions;

  constructor(tiers: Tiers, options: LeaseOptions) {
    const isOff = options.leaseTtlMs === 0;
    this.#tier = isOff ? undefined : tiers.all.findLast((tier) => tier.store.lease !== undefined);
    this.#options = options;
  }

  /** Whether there are leases at all. */
  get any(): boolean {
    return this.#tier !== undefined;
  }

  /**
   * Waits for the right to load, at most as long as a lease lasts; then, or where the store fails,
   * the load goes on without. Rejects with what `look` rejects with.
   *
   * @param look - reads the store again; `true` when another process has loaded meanwhile
   * @returns the lease; or `'found'` when there is nothing to load any more
   */
  async take<V>(
    flight: Flight<V>,
    look: (tier: Tier) => Promise<boolean>,
  ): Promise<HeldLease | 'found' | undefined> {
    const tier = this.#tier;
    if (tier === undefined) return undefined;
    const { clock, leaseTtlMs } = this.#options;
    const { write } = flight;
    const deadline = clock.monotonic() + leaseTtlMs;
    for (let round = 0; !flight.aborted; round++) {
      const turn = await this.tryTake(write.key);
      if (turn !== 'taken') return turn;
      if (clock.monotonic() >= deadline) return undefined;
      write.idle = true;
      await flight.sleep(this.#waitMs(round));
      write.idle = false;
      if (!flight.aborted && (await look(tier))) return 'found';
    }
    return undefined;
  }

  /** The lease of `key`, `'taken'` when another has it, `undefined` where the store fails. Never rejects. */
  async tryTake(key: string): Promise<HeldLease | 'taken' | undefined> {
    const tier = this.#tier;
    if (tier === undefined) return undefined;
    const { leaseTtlMs } = this.#options;
    const answer = await tier.ask('lease', async (store) => ({
      lease: await store.lease?.(key, leaseTtlMs),
    }));
    if (answer === undefined) return undefined;
    return answer.lease === undefined ? 'taken' : new HeldLease(answer.lease, tier, this.#options);
  }

  #waitMs(round: number): number {
    const ceiling = Math.min(longestWaitMs, shortestWaitMs * 2 ** (round + 1));
    return shortestWaitMs + this.#options.random() * (ceiling - shortestWaitMs);
  }
}
