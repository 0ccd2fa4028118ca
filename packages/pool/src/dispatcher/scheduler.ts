import { LinkedList, type ListPlace } from './linked-list.ts';

/** Why a connection was closed. */
export type CloseReason =
  /** It was not used for `idleTimeoutMs`. */
  | 'idle'
  /** Another origin needed its place. */
  | 'evicted'
  /** It is older than `maxConnectionAgeMs`. */
  | 'age'
  /** It carried `maxRequestsPerConnection` requests. */
  | 'requests'
  /** The server closed it, or had announced that it would soon. */
  | 'server'
  /** A request on it was aborted or went wrong. */
  | 'error'
  /** An upgrade took it over, for example to WebSocket. */
  | 'upgraded'
  /** The dispatcher closes. */
  | 'closed';

/** What the scheduler tells the outside to do. All state is settled before it calls. */
export interface SchedulerPorts<Connection, Waiter> {
  /** Makes a connection, which counts from now on. */
  open(origin: string): Connection;
  /** Why an idle connection must not be used again, if so. */
  spent(connection: Connection): CloseReason | undefined;
  /** Sends what `waiter` stands for over `connection`. */
  run(connection: Connection, waiter: Waiter): void;
  /** Closes `connection`; {@link ConnectionScheduler.closed} must follow when it is gone, not before. */
  close(connection: Connection, reason: CloseReason): void;
}

export interface SchedulerLimits {
  readonly maxPerOrigin: number;
  readonly maxTotal: number;
  /** Requests that an origin may go on sending over a connection it got while others wait. */
  readonly quantum: number;
}

interface Slot<Connection, Waiter> {
  readonly connection: Connection;
  readonly group: Group<Connection, Waiter>;
  state: 'busy' | 'idle' | 'closing';
  idleSince: number;
  inGroup: ListPlace<Slot<Connection, Waiter>> | undefined;
  inOrder: ListPlace<Slot<Connection, Waiter>> | undefined;
}

interface Group<Connection, Waiter> {
  readonly origin: string;
  /** Connections of the origin, closing ones included. */
  open: number;
  /** Its idle connections, the one used last at the end. */
  readonly idle: LinkedList<Slot<Connection, Waiter>>;
  readonly waiting: LinkedList<Waiter>;
  /** Requests it may still send before it gives way to other origins that wait. */
  credit: number;
  /** Connections that it would open now if the total allowed it. */
  demand: number;
  inRing: ListPlace<Group<Connection, Waiter>> | undefined;
}

/** A place in the queue. */
export interface QueuePlace {
  /** Gives the place up; `false` when it was served already. */
  leave(): boolean;
}

/**
 * Decides which request gets which connection: at most `maxPerOrigin` connections to an origin and
 * `maxTotal` in all; the idle connection used last first; when the total is reached the idle one
 * unused for longest closes for another origin; origins that wait take turns, each with a quantum of
 * requests (deficit round robin, Shreedhar and Varghese 1995). It knows no sockets and no time of
 * its own, so that it can be tested alone.
 */
export class ConnectionScheduler<Connection, Waiter> {
  readonly #limits: SchedulerLimits;
  readonly #ports: SchedulerPorts<Connection, Waiter>;
  readonly #groups = new Map<string, Group<Connection, Waiter>>();
  readonly #slots = new Map<Connection, Slot<Connection, Waiter>>();
  /** All idle connections, the one unused for longest first. */
  readonly #idleOrder = new LinkedList<Slot<Connection, Waiter>>();
  /** Origins that wait for the total to allow another connection, the next one first. */
  readonly #ring = new LinkedList<Group<Connection, Waiter>>();
  #demand = 0;
  #closing = 0;
  #queued = 0;
  #stopped = false;

  constructor(limits: SchedulerLimits, ports: SchedulerPorts<Connection, Waiter>) {
    this.#limits = limits;
    this.#ports = ports;
  }

  /** Connections that count, from being opened to being gone. */
  get open(): number {
    return this.#slots.size;
  }

  get idle(): number {
    return this.#idleOrder.size;
  }

  get queued(): number {
    return this.#queued;
  }

  connections(): IterableIterator<Connection> {
    return this.#slots.keys();
  }

  /** Whether a request to `origin` would be sent at once. */
  canRun(origin: string): boolean {
    const group = this.#groups.get(origin);
    if (group !== undefined && group.idle.size > 0) return true;
    return this.#slots.size < this.#limits.maxTotal && this.#hasRoom(group);
  }

  /** Runs `waiter` now, or else answers its place in the queue. */
  submit(origin: string, waiter: Waiter): QueuePlace | undefined {
    const group = this.#groupOf(origin);
    for (let idle = group.idle.last; idle !== undefined; idle = group.idle.last) {
      const spent = this.#ports.spent(idle.connection);
      if (spent === undefined) {
        this.#use(idle, waiter);
        return undefined;
      }
      this.#close(idle, spent);
    }
    if (this.#slots.size < this.#limits.maxTotal && this.#hasRoom(group)) {
      this.#open(group, waiter);
      return undefined;
    }
    const place = group.waiting.push(waiter);
    this.#queued++;
    this.#refresh(group);
    this.#makeRoom();
    return { leave: () => this.#leave(group, place) };
  }

  /** Makes a connection to `origin` ahead of a request, if the caps allow it; it counts as busy. */
  openAhead(origin: string): Connection | undefined {
    const group = this.#groupOf(origin);
    const allowed = this.#slots.size < this.#limits.maxTotal && this.#hasRoom(group);
    const connection =
      allowed && !this.#stopped ? this.#addConnection(group, this.#limits.quantum) : undefined;
    this.#forgetIfUnused(group);
    return connection;
  }

  /**
   * `connection` has done its work and can do more.
   *
   * @param now - monotonic milliseconds, from which its idle time counts
   */
  released(connection: Connection, now: number): void {
    const slot = this.#slots.get(connection);
    if (slot === undefined || slot.state !== 'busy') return;
    if (this.#stopped) {
      this.#close(slot, 'closed');
      return;
    }
    const { group } = slot;
    const missing = this.#demand - group.demand - this.#closing;
    if (group.waiting.size > 0 && (group.credit > 0 || missing <= 0)) {
      this.#use(slot, this.#next(group));
    } else if (missing > 0) {
      this.#close(slot, 'evicted');
    } else {
      slot.state = 'idle';
      slot.idleSince = now;
      slot.inGroup = group.idle.push(slot);
      slot.inOrder = this.#idleOrder.push(slot);
    }
  }

  /** `connection` is gone, whoever closed it; its place goes to whoever waits. */
  closed(connection: Connection): void {
    const slot = this.#slots.get(connection);
    if (slot === undefined) return;
    this.#unlink(slot);
    this.#slots.delete(connection);
    if (slot.state === 'closing') this.#closing--;
    slot.group.open--;
    this.#refresh(slot.group);
    this.#forgetIfUnused(slot.group);
    this.#serve();
  }

  /**
   * `connection` is about to close without having been told to, so that it is not used again.
   * {@link closed} must follow.
   */
  failed(connection: Connection): void {
    const slot = this.#slots.get(connection);
    if (slot === undefined || slot.state === 'closing') return;
    this.#unlink(slot);
    slot.state = 'closing';
    this.#closing++;
  }

  /** Closes what has been idle since `since` or longer; answers since when the next one is. */
  closeIdle(since: number, reason: CloseReason): number | undefined {
    let slot = this.#idleOrder.first;
    for (; slot !== undefined && slot.idleSince <= since; slot = this.#idleOrder.first) {
      this.#close(slot, reason);
    }
    return slot?.idleSince;
  }

  /** Ends the service: closes what is idle and answers who waited. Busy connections close as they finish. */
  stop(): Waiter[] {
    this.#stopped = true;
    const waiters: Waiter[] = [];
    for (const group of this.#groups.values()) {
      while (group.waiting.size > 0) waiters.push(this.#next(group));
      this.#forgetIfUnused(group);
    }
    this.closeIdle(Infinity, 'closed');
    return waiters;
  }

  #groupOf(origin: string): Group<Connection, Waiter> {
    let group = this.#groups.get(origin);
    if (group === undefined) {
      group = {
        origin,
        open: 0,
        idle: new LinkedList(),
        waiting: new LinkedList(),
        credit: 0,
        demand: 0,
        inRing: undefined,
      };
      this.#groups.set(origin, group);
    }
    return group;
  }

  #hasRoom(group: Group<Connection, Waiter> | undefined): boolean {
    return (group?.open ?? 0) < this.#limits.maxPerOrigin;
  }

  #open(group: Group<Connection, Waiter>, waiter: Waiter): void {
    // The request that it opens for is the first of the quantum.
    const connection = this.#addConnection(group, this.#limits.quantum - 1);
    this.#ports.run(connection, waiter);
  }

  #addConnection(group: Group<Connection, Waiter>, credit: number): Connection {
    group.open++;
    group.credit += credit;
    const connection = this.#ports.open(group.origin);
    this.#slots.set(connection, {
      connection,
      group,
      state: 'busy',
      idleSince: 0,
      inGroup: undefined,
      inOrder: undefined,
    });
    this.#refresh(group);
    return connection;
  }

  #use(slot: Slot<Connection, Waiter>, waiter: Waiter): void {
    this.#unlink(slot);
    slot.state = 'busy';
    if (slot.group.credit > 0) slot.group.credit--;
    this.#ports.run(slot.connection, waiter);
  }

  #close(slot: Slot<Connection, Waiter>, reason: CloseReason): void {
    this.#unlink(slot);
    slot.state = 'closing';
    this.#closing++;
    this.#ports.close(slot.connection, reason);
  }

  #unlink(slot: Slot<Connection, Waiter>): void {
    if (slot.inGroup !== undefined) slot.group.idle.remove(slot.inGroup);
    if (slot.inOrder !== undefined) this.#idleOrder.remove(slot.inOrder);
    slot.inGroup = slot.inOrder = undefined;
  }

  /** The first that waits in `group`, which must not be empty. */
  #next(group: Group<Connection, Waiter>): Waiter {
    const waiter = group.waiting.shift() as Waiter;
    this.#queued--;
    if (group.waiting.size === 0) group.credit = Math.min(group.credit, this.#limits.quantum);
    this.#refresh(group);
    return waiter;
  }

  #leave(group: Group<Connection, Waiter>, place: ListPlace<Waiter>): boolean {
    if (!group.waiting.remove(place)) return false;
    this.#queued--;
    this.#refresh(group);
    this.#forgetIfUnused(group);
    return true;
  }

  #forgetIfUnused(group: Group<Connection, Waiter>): void {
    if (group.open === 0 && group.waiting.size === 0) this.#groups.delete(group.origin);
  }

  /** Brings the group's demand and its place in the ring up to date. */
  #refresh(group: Group<Connection, Waiter>): void {
    const room = Math.max(0, this.#limits.maxPerOrigin - group.open);
    const demand = Math.min(group.waiting.size, room);
    this.#demand += demand - group.demand;
    group.demand = demand;
    if (demand === 0 && group.inRing !== undefined) {
      this.#ring.remove(group.inRing);
      group.inRing = undefined;
    } else if (demand > 0 && group.inRing === undefined) {
      group.inRing = this.#ring.push(group);
    }
  }

  /** Closes idle connections until enough places come free for the origins that wait. */
  #makeRoom(): void {
    while (this.#closing < this.#demand) {
      const oldest = this.#idleOrder.first;
      if (oldest === undefined) return;
      this.#close(oldest, 'evicted');
    }
  }

  /** Opens connections for the origins that wait, one at each turn, as far as the total allows. */
  #serve(): void {
    while (this.#slots.size < this.#limits.maxTotal) {
      const group = this.#ring.shift();
      if (group === undefined) return;
      // At the end of the ring again before anything is called that may come back here.
      group.inRing = undefined;
      this.#refresh(group);
      this.#open(group, this.#next(group));
    }
    this.#makeRoom();
  }
}
