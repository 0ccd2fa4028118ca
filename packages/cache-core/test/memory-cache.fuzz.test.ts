import assert from 'node:assert/strict';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryCache, type MemoryCacheOptions, type RemovalReason } from '../src/index.ts';

interface Kept {
  readonly value: number;
  readonly size: number;
  readonly deadline: number;
}

/** A cache, and a shadow of it that follows what the cache says of its removals. */
class Shadowed {
  readonly clock = new ManualClock();
  readonly cache: MemoryCache<string, number>;
  readonly kept = new Map<string, Kept>();
  /** What went wrong inside `onRemove`, where it would only be logged. */
  #failure: unknown;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #size = 0;
  #value = 0;

  constructor(options: MemoryCacheOptions<string, number>) {
    this.#maxEntries = options.maxEntries ?? Infinity;
    this.#maxBytes = options.maxBytes ?? Infinity;
    this.cache = new MemoryCache<string, number>({
      ...options,
      sizeOf: () => this.#size,
      clock: this.clock,
      onRemove: (key, value, reason) => {
        try {
          this.#remove(key, value, reason);
        } catch (error) {
          this.#failure ??= error;
        }
      },
    });
  }

  set(key: string, size: number, ttlMs: number): void {
    this.#size = size;
    this.#value++;
    this.cache.set(key, this.#value, { ttlMs });
    if (ttlMs === 0 || size > this.#maxBytes || !this.cache.has(key)) return;
    const deadline = this.clock.monotonic() + ttlMs;
    this.kept.set(key, { value: this.#value, size, deadline });
  }

  get(key: string): void {
    const kept = this.kept.get(key);
    const isLive = kept !== undefined && this.clock.monotonic() < kept.deadline;
    assert.equal(this.cache.get(key), isLive ? kept.value : undefined);
  }

  /** Everything that must hold between any two operations. */
  check(): void {
    assert.ifError(this.#failure);
    assert.equal(this.cache.size, this.kept.size);
    assert.ok(this.cache.size <= this.#maxEntries);
    assert.ok(this.cache.bytes <= this.#maxBytes);
    assert.ok(this.clock.pending.background <= 1);
  }

  checkAll(): void {
    this.check();
    const bytes = [...this.kept.values()].reduce((sum, { size }) => sum + size, 0);
    assert.equal(this.cache.bytes, bytes);
    const now = this.clock.monotonic();
    const live = [...this.kept].filter(([, { deadline }]) => now < deadline);
    assert.deepEqual(new Map(this.cache), new Map(live.map(([key, { value }]) => [key, value])));
    const evictable = live.filter(([, { size }]) => size > 0).map(([key]) => key);
    const ranked = this.cache.hottest(Infinity).map(([key]) => key);
    assert.deepEqual(new Set(ranked), new Set(evictable));
    assert.equal(ranked.length, evictable.length);
  }

  #remove(key: string, value: number, reason: RemovalReason): void {
    const kept = this.kept.get(key);
    assert.equal(kept?.value, value);
    const isOver = this.clock.monotonic() >= (kept?.deadline ?? -Infinity);
    assert.equal(reason === 'expired', isOver);
    if (reason === 'capacity') assert.notEqual(kept?.size, 0);
    this.kept.delete(key);
  }
}

/** One operation, as whole numbers choose it. */
function operate(shadowed: Shadowed, keys: number, random: (below: number) => number): void {
  const key = `key:${random(keys)}`;
  const choice = random(100);
  if (choice < 35) {
    const ttlMs = [Infinity, Infinity, 0, 1 + random(50), 1 + random(100_000)][random(5)] as number;
    shadowed.set(key, random(20) === 0 ? 0 : random(7), ttlMs);
  } else if (choice < 85) shadowed.get(key);
  else if (choice < 90) shadowed.cache.delete(key);
  else if (choice < 92) shadowed.cache.invalidate(key);
  else if (choice < 94) shadowed.cache.peek(key);
  else if (choice < 96) shadowed.cache.purgeExpired({ limit: random(3) });
  else shadowed.clock.advance(random(4) === 0 ? random(100_000) : random(40));
}

const shapes = [
  { maxEntries: 1 },
  { maxEntries: 7 },
  { maxEntries: 500 },
  { maxEntries: Infinity, maxBytes: 40 },
  { maxEntries: 300, maxBytes: 1_000 },
];

describe.each(['tiny-lfu', 'lru'] as const)('MemoryCache under %s', (policy) => {
  it('holds what it says, within its bounds, through any operations', () => {
    const number = fc.nat(2 ** 30);
    const shape = fc.constantFrom(...shapes);
    const holds = fc.property(shape, fc.array(number, { maxLength: 400 }), (shape, numbers) => {
      const shadowed = new Shadowed({ policy, ...shape });
      for (let at = 0; at < numbers.length;) {
        operate(shadowed, 10, (below) => (numbers[at++] ?? 0) % below);
        shadowed.check();
      }
      shadowed.checkAll();
    });
    expect(() => fc.assert(holds, { numRuns: 300 })).not.toThrow();
  });

  it.each(shapes)('and through 100,000 of them, with %o', (shape) => {
    const shadowed = new Shadowed({ policy, ...shape });
    let state = 42;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    for (let operation = 0; operation < 100_000; operation++) {
      operate(shadowed, 800, random);
      shadowed.check();
    }
    shadowed.checkAll();
    shadowed.cache.close();
    expect(shadowed.kept.size).toBe(0);
    expect(shadowed.clock.pending).toEqual({ foreground: 0, background: 0 });
  });
});
