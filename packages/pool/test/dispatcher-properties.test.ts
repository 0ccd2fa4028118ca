import assert from 'node:assert/strict';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BoundedDispatcher } from '../src/index.ts';
import { loadUndici } from '../src/undici-library.ts';
import { FakeNetwork } from './fake-connections.ts';

/** Lets everything happen that is due without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % items.length];

/** Real dispatcher, real undici clients, and sockets that only a test moves. */
class World {
  readonly network = new FakeNetwork();
  readonly clock = new ManualClock();
  readonly dispatcher: BoundedDispatcher;
  readonly ends: string[] = [];
  readonly running = new Map<number, AbortController>();
  readonly originOf: string[] = [];
  readonly served: string[] = [];
  readonly perOrigin: number;
  readonly total: number;

  constructor(perOrigin: number, total: number, quantum: number) {
    this.perOrigin = perOrigin;
    this.total = total;
    this.dispatcher = new BoundedDispatcher({
      maxConnectionsPerOrigin: perOrigin,
      maxTotalConnections: total,
      quantum,
      acquireTimeoutMs: 1_000_000,
      idleTimeoutMs: 1_000,
      clock: this.clock,
      connect: this.network.connect,
    });
  }

  send(origin: string): void {
    const id = this.originOf.push(origin) - 1;
    const controller = new AbortController();
    this.running.set(id, controller);
    const options = { origin, path: '/', method: 'GET' as const, signal: controller.signal };
    this.dispatcher
      .request(options)
      .then(async ({ body }) => body.text())
      .then((text) => this.#ended(id, text))
      .catch(() => this.#ended(id, 'failed'));
  }

  #ended(id: number, how: string): void {
    this.running.delete(id);
    this.ends.push(how);
    this.served.push(this.originOf[id] ?? '');
  }

  check(): void {
    const { connectionsOpen, connectionsIdle, queued } = this.dispatcher.stats();
    const sockets = [...this.network.sockets];
    assert.ok(connectionsOpen >= 0 && connectionsOpen <= this.total, 'the total is kept');
    assert.ok(sockets.length <= connectionsOpen, 'every socket is counted');
    assert.ok(connectionsIdle <= connectionsOpen);
    const counts = new Map<string, number>();
    for (const { origin } of sockets) counts.set(origin, (counts.get(origin) ?? 0) + 1);
    assert.ok(Math.max(0, ...counts.values()) <= this.perOrigin, 'the cap of an origin is kept');
    const full = [...counts.values()].some((count) => count === this.perOrigin);
    assert.ok(queued === 0 || full || connectionsOpen === this.total, 'waits only for a cap');
  }

  /** Answers everything until nothing moves. */
  async drain(): Promise<void> {
    while (this.running.size > 0) {
      const before = this.running.size;
      for (const socket of this.network.opening.keys()) this.network.open(socket);
      await settle();
      for (const socket of this.network.busy()) socket.answer();
      await settle();
      this.check();
      const moved = this.running.size < before || this.network.opening.size > 0;
      assert.ok(moved || this.network.busy().length > 0, 'every request comes to its end');
    }
  }
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'send',
      'send',
      'send',
      'open',
      'open',
      'answer',
      'answer',
      'last',
      'reset',
      'abort',
      'idle',
    ),
    n: fc.nat(1_000),
  }),
  { maxLength: 40 },
);

// What the first request would wait for.
beforeAll(loadUndici);

describe('BoundedDispatcher over fake connections', () => {
  it(
    'keeps its caps, settles every request, and leaves nothing open',
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        steps,
        async (perOrigin, total, quantum, script) => {
          const world = new World(perOrigin, total, quantum);
          const { network } = world;
          for (const { kind, n } of script) {
            if (kind === 'send') world.send(`http://origin-${n % 4}.test`);
            else if (kind === 'answer') pick(network.busy(), n)?.answer();
            else if (kind === 'last') pick(network.busy(), n)?.answer('connection: close\r\n');
            else if (kind === 'reset') pick([...network.sockets], n)?.destroy(new Error('reset'));
            else if (kind === 'abort') pick([...world.running.values()], n)?.abort();
            else if (kind === 'idle') world.clock.advance(n);
            else {
              const socket = pick([...network.opening.keys()], n);
              if (socket !== undefined) network.open(socket);
            }
            await settle();
            world.check();
          }
          await world.drain();
          expect(world.ends).toHaveLength(world.originOf.length);
          const closed = world.dispatcher.close({ timeoutMs: 10 });
          await world.clock.advanceAsync(10);
          await closed;
          expect(network.sockets.size).toBe(0);
          expect(world.dispatcher.stats()).toEqual({
            connectionsOpen: 0,
            connectionsIdle: 0,
            queued: 0,
          });
          expect(world.clock.pending).toEqual({ foreground: 0, background: 0 });
        },
      );
      await fc.assert(property, { numRuns: 300 });
    },
  );

  it('serves every origin within one round of the others, whatever they have waiting', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 2, max: 5 }),
      async (quantum, origins) => {
        const world = new World(1, 1, quantum);
        for (let i = 0; i < origins; i++) {
          for (let j = 0; j < 6; j++) world.send(`http://origin-${i}.test`);
        }
        await world.drain();
        const first = (origin: number): number =>
          world.served.indexOf(`http://origin-${origin}.test`);
        for (let i = 0; i < origins; i++) {
          expect(first(i)).toBeLessThanOrEqual(i * quantum);
        }
        await world.dispatcher.destroy();
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  it('settles what is under way and what waits when it closes', async () => {
    const world = new World(1, 2, 1);
    for (let i = 0; i < 8; i++) world.send(`http://origin-${i % 3}.test`);
    await settle();
    for (const socket of world.network.opening.keys()) world.network.open(socket);
    await settle();

    const closed = world.dispatcher.close({ timeoutMs: 100 });
    await settle();
    expect(world.ends).toHaveLength(6);
    await world.clock.advanceAsync(100);
    await closed;
    await settle();
    expect(world.ends).toEqual(Array.from({ length: 8 }, () => 'failed'));
    expect(world.network.sockets.size).toBe(0);
  });
});
