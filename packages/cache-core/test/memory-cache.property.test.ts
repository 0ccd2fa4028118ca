import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryCache, type RemovalReason } from '../src/index.ts';

interface ModelEntry {
  readonly value: number;
  readonly size: number;
  readonly deadline: number;
}

type Removal = readonly [key: string, value: number, reason: RemovalReason];

/** The cache as one would write it without caring for speed. The Map runs from oldest to newest use. */
class Model {
  readonly entries = new Map<string, ModelEntry>();
  removals: Removal[] = [];
  readonly #maxEntries: number;
  readonly #maxBytes: number;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return [...this.entries.values()].reduce((sum, entry) => sum + entry.size, 0);
  }

  get(key: string, now: number): number | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (now >= entry.deadline) {
      this.remove(key, 'expired', now);
      return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, entry: ModelEntry, now: number): void {
    const isKept = entry.deadline > now && entry.size <= this.#maxBytes;
    this.remove(key, 'replaced', now);
    if (!isKept) return;
    const isTooMuch = (): boolean =>
      this.entries.size >= this.#maxEntries || this.bytes + entry.size > this.#maxBytes;
    for (const [oldest, { size }] of this.entries) {
      if (!isTooMuch()) break;
      if (size > 0) this.remove(oldest, 'capacity', now);
    }
    if (!isTooMuch()) this.entries.set(key, entry);
  }

  remove(key: string, reason: RemovalReason, now: number): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    this.entries.delete(key);
    const isOver = now >= entry.deadline;
    this.removals.push([key, entry.value, isOver ? 'expired' : reason]);
    return !isOver;
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const ttl = fc.oneof(
  fc.constantFrom(undefined, Infinity, 0, 1, 512, 32_768, 2_097_152),
  fc.integer({ min: 1, max: 200_000 }),
);
const step = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ do: fc.constant('set' as const), key, ttl, size: fc.nat(6) }),
  },
  { weight: 15, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('invalidate' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('look' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.constantFrom(1, 511, 512, 32_768), fc.integer({ min: 1, max: 150_000 })),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The cache and the model side by side; each step answers what both said. */
class Duel {
  readonly clock = new ManualClock();
  readonly cache: MemoryCache<string, number>;
  readonly model: Model;
  readonly #defaultTtl: number;
  #removals: Removal[] = [];
  #size = 0;
  #value = 0;

  constructor(maxEntries: number, maxBytes: number, defaultTtl: number) {
    this.#defaultTtl = defaultTtl;
    this.model = new Model(maxEntries, maxBytes);
    this.cache = new MemoryCache<string, number>({
      policy: 'lru',
      maxEntries,
      maxBytes,
      ttlMs: defaultTtl,
      sizeOf: () => this.#size,
      onRemove: (...removal) => this.#removals.push(removal),
      clock: this.clock,
    });
  }

  play(step: Step): { ours: unknown; theirs: unknown } {
    const { cache, clock, model } = this;
    const now = clock.monotonic();
    switch (step.do) {
      case 'set': {
        this.#value++;
        this.#size = step.size;
        const deadline = now + (step.ttl ?? this.#defaultTtl);
        const ours = cache.set(step.key, this.#value, { ttlMs: step.ttl });
        // What is over and leaves after an eviction was in the way as well; the model finds it itself.
        const evicted = this.#removals.findIndex(([, , reason]) => reason === 'capacity');
        this.#acceptExpired(this.#removals.slice(0, evicted < 0 ? undefined : evicted));
        const entry = { value: this.#value, size: step.size, deadline };
        return { ours, theirs: model.set(step.key, entry, now) };
      }
      case 'get':
        return { ours: cache.get(step.key), theirs: model.get(step.key, now) };
      case 'delete':
        return { ours: cache.delete(step.key), theirs: model.remove(step.key, 'deleted', now) };
      case 'invalidate':
        return {
          ours: cache.invalidate(step.key),
          theirs: model.remove(step.key, 'invalidated', now),
        };
      case 'look': {
        const entry = model.entries.get(step.key);
        const isLive = entry !== undefined && now < entry.deadline;
        return {
          ours: [cache.has(step.key), cache.peek(step.key)],
          theirs: [isLive, isLive ? entry.value : undefined],
        };
      }
      case 'purge':
        cache.purgeExpired();
        break;
      case 'clear':
        cache.clear();
        for (const key of model.entries.keys()) model.remove(key, 'deleted', now);
        break;
      case 'wait':
        clock.advance(step.ms);
        break;
    }
    return { ours: undefined, theirs: undefined };
  }

  /** What left since the last call, according to both. */
  removals(): { ours: string[]; theirs: string[] } {
    this.#acceptExpired(this.#removals);
    const answer = { ours: sorted(this.#removals), theirs: sorted(this.model.removals) };
    this.#removals = [];
    this.model.removals = [];
    return answer;
  }

  /** The cache is free to collect early or late, as long as what it took is over. */
  #acceptExpired(removals: readonly Removal[]): void {
    const now = this.clock.monotonic();
    for (const [key, value, reason] of removals) {
      const entry = this.model.entries.get(key);
      const isOver = entry !== undefined && entry.value === value && now >= entry.deadline;
      if (reason === 'expired' && isOver) this.model.remove(key, 'expired', now);
    }
  }
}

/** Room is made for the last one by an eviction, and then by an entry that is over but not collected yet. */
const madeRoomTwice: Step[] = [
  { do: 'set', key: 'a', ttl: undefined, size: 1 },
  { do: 'set', key: 'f', ttl: 1, size: 3 },
  { do: 'wait', ms: 1 },
  { do: 'set', key: 'h', ttl: 1, size: 3 },
];

const sorted = (removals: readonly Removal[]): string[] =>
  removals.map((removal) => JSON.stringify(removal)).sort();

describe('MemoryCache with policy lru', () => {
  it('does what a naive cache does', () => {
    const maxEntries = fc.constantFrom(1, 2, 3, 5, Infinity);
    const maxBytes = fc.constantFrom(5, 10, Infinity);
    const defaultTtl = fc.constantFrom(Infinity, 1_000, 60_000);
    const steps = fc.array(step, { maxLength: 60 });
    fc.assert(
      fc.property(maxEntries, maxBytes, defaultTtl, steps, (maxEntries, maxBytes, ttl, steps) => {
        const duel = new Duel(maxEntries, maxBytes, ttl);
        const { cache, clock, model } = duel;

        for (const step of steps) {
          const { ours, theirs } = duel.play(step);
          expect(ours).toEqual(theirs);
          const removals = duel.removals();
          expect(removals.ours).toEqual(removals.theirs);
          expect(cache.size).toBe(model.entries.size);
          expect(cache.size).toBeLessThanOrEqual(maxEntries);
          expect(cache.bytes).toBe(model.bytes);
          expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
          expect(clock.pending.background).toBeLessThanOrEqual(1);
        }
        clock.advance(10_000_000);
        const left = [...model.entries.values()].filter((entry) => entry.deadline === Infinity);
        expect(cache.size).toBe(left.length);
        expect(clock.pending.background).toBe(0);
      }),
      { numRuns: 1_500, examples: [[2, 5, Infinity, madeRoomTwice]] },
    );
  });
});
