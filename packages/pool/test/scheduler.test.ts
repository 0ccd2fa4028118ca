import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionScheduler, type QueuePlace } from '../src/dispatcher/scheduler.ts';

interface FakeConnection {
  readonly origin: string;
  state: 'busy' | 'idle' | 'closing' | 'gone';
  uses: number;
}

/** A scheduler over connections that are only counted, and a record of what it did. */
class Model {
  readonly connections: FakeConnection[] = [];
  readonly places = new Map<number, QueuePlace>();
  readonly ran: { waiter: number; connection: FakeConnection }[] = [];
  readonly originOf = new Map<number, string>();
  readonly maxPerOrigin: number;
  readonly maxTotal: number;
  readonly scheduler: ConnectionScheduler<FakeConnection, number>;
  now = 0;

  constructor(maxPerOrigin: number, maxTotal: number, quantum = 16) {
    this.maxPerOrigin = maxPerOrigin;
    this.maxTotal = maxTotal;
    this.scheduler = new ConnectionScheduler(
      { maxPerOrigin, maxTotal, quantum },
      {
        open: (origin) => {
          const connection: FakeConnection = { origin, state: 'idle', uses: 0 };
          this.connections.push(connection);
          return connection;
        },
        spent: () => undefined,
        run: (connection, waiter) => {
          assert.equal(connection.state, 'idle');
          assert.equal(connection.origin, this.originOf.get(waiter));
          connection.state = 'busy';
          connection.uses++;
          this.places.delete(waiter);
          this.ran.push({ waiter, connection });
        },
        close: (connection) => {
          assert.equal(connection.state, 'idle');
          connection.state = 'closing';
        },
      },
    );
  }

  in(state: FakeConnection['state']): FakeConnection[] {
    return this.connections.filter((connection) => connection.state === state);
  }

  submit(origin: string): number {
    const waiter = this.originOf.size;
    this.originOf.set(waiter, origin);
    const place = this.scheduler.submit(origin, waiter);
    if (place !== undefined) this.places.set(waiter, place);
    return waiter;
  }

  finish(connection: FakeConnection | undefined): void {
    if (connection === undefined) return;
    connection.state = 'idle';
    this.scheduler.released(connection, ++this.now);
  }

  break(connection: FakeConnection | undefined): void {
    if (connection === undefined) return;
    connection.state = 'closing';
    this.scheduler.failed(connection);
  }

  close(connection: FakeConnection | undefined): void {
    if (connection === undefined) return;
    connection.state = 'gone';
    this.scheduler.closed(connection);
  }

  leave(waiter: number | undefined): void {
    if (waiter === undefined) return;
    assert.equal(this.places.get(waiter)?.leave(), true);
    this.places.delete(waiter);
  }

  checkInvariants(): void {
    const open = this.connections.filter(({ state }) => state !== 'gone');
    assert.equal(this.scheduler.open, open.length);
    assert.ok(open.length <= this.maxTotal, 'the total is kept');
    assert.equal(this.scheduler.idle, this.in('idle').length);
    assert.equal(this.scheduler.queued, this.places.size);
    const perOrigin = (origin: string): number =>
      open.filter((connection) => connection.origin === origin).length;
    for (const { origin } of open) {
      assert.ok(perOrigin(origin) <= this.maxPerOrigin, 'the cap of the origin is kept');
    }
    for (const waiter of this.places.keys()) {
      const origin = this.originOf.get(waiter) ?? '';
      const full = perOrigin(origin) === this.maxPerOrigin;
      assert.ok(full || open.length === this.maxTotal, 'waits only because of a cap');
      const idle = this.in('idle');
      assert.ok(
        idle.every((connection) => connection.origin !== origin),
        'an idle one is used',
      );
      const comesFree = idle.length === 0 || this.in('closing').length > 0;
      assert.ok(full || comesFree, 'an idle one of another origin makes room');
    }
  }

  /** Lets everything under way end, until nothing moves. */
  drain(): void {
    for (let moved = true; moved;) {
      const [busy, closing] = [this.in('busy')[0], this.in('closing')[0]];
      moved = busy !== undefined || closing !== undefined;
      this.finish(busy);
      this.close(closing);
    }
  }
}

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % items.length];

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'submit',
      'submit',
      'submit',
      'finish',
      'finish',
      'break',
      'close',
      'leave',
      'idle',
    ),
    n: fc.nat(1_000),
  }),
  { maxLength: 120 },
);

describe('ConnectionScheduler', () => {
  it('keeps its caps and serves everyone, whatever happens', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      steps,
      (maxPerOrigin, maxTotal, quantum, script) => {
        const model = new Model(maxPerOrigin, maxTotal, quantum);
        const left = new Set<number>();
        for (const { kind, n } of script) {
          if (kind === 'submit') model.submit(`origin-${n % 5}`);
          else if (kind === 'finish') model.finish(pick(model.in('busy'), n));
          else if (kind === 'break')
            model.break(pick([...model.in('busy'), ...model.in('idle')], n));
          else if (kind === 'close') model.close(pick(model.in('closing'), n));
          else if (kind === 'idle') model.scheduler.closeIdle(model.now - (n % 3), 'idle');
          else {
            const waiter = pick([...model.places.keys()], n);
            if (waiter !== undefined) left.add(waiter);
            model.leave(waiter);
          }
          model.checkInvariants();
        }
        model.drain();
        model.checkInvariants();
        expect(model.places.size).toBe(0);
        const ran = model.ran.map(({ waiter }) => waiter).sort((a, b) => a - b);
        const expected = [...model.originOf.keys()].filter((waiter) => !left.has(waiter));
        expect(ran).toEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('reuses the connection that was used last', () => {
    const model = new Model(3, 3);
    for (let i = 0; i < 3; i++) model.submit('a');
    const [first, second, third] = model.connections;
    for (const connection of [third, first, second]) model.finish(connection);

    model.submit('a');
    expect(model.ran.at(-1)?.connection).toBe(second);
  });

  it('closes the idle connection unused for longest when another origin needs its place', () => {
    const model = new Model(2, 2);
    model.submit('a');
    model.submit('b');
    const [a, b] = model.connections;
    model.finish(b);
    model.finish(a);

    model.submit('c');
    expect(b?.state).toBe('closing');
    expect(a?.state).toBe('idle');
    model.close(b);
    expect(model.ran.at(-1)?.connection.origin).toBe('c');
  });

  it('serves one origin in the order of its requests', () => {
    const model = new Model(1, 1);
    const waiters = [1, 2, 3, 4].map(() => model.submit('a'));
    model.drain();

    expect(model.ran.map(({ waiter }) => waiter)).toEqual(waiters);
  });

  it('gives way to another origin after a quantum of requests', () => {
    const model = new Model(1, 1, 4);
    for (let i = 0; i < 20; i++) model.submit('a');
    for (let i = 0; i < 20; i++) model.submit('b');
    model.drain();

    const turns = model.ran.map(({ waiter }) => model.originOf.get(waiter)).join('');
    expect(turns).toBe('aaaabbbb'.repeat(5));
    expect(model.connections).toHaveLength(10);
  });

  it('does not give way while nobody waits', () => {
    const model = new Model(1, 2, 2);
    for (let i = 0; i < 50; i++) model.submit('a');
    model.drain();

    expect(model.connections).toHaveLength(1);
  });

  it('lets everyone go when it stops', () => {
    const model = new Model(1, 1);
    model.submit('a');
    const waiting = [model.submit('a'), model.submit('b')];

    expect(model.scheduler.stop()).toEqual(waiting);
    model.finish(model.connections[0]);
    expect(model.connections[0]?.state).toBe('closing');
  });
});
