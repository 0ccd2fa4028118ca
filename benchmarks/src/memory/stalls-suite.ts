import { strict as assert } from 'node:assert';
import { MemoryCache } from '@x/cache-core';
import { type Clock, systemClock } from '@x/interfaces';
import { LRUCache } from 'lru-cache';
import type { Case, Suite } from '../harness/suite.ts';

const entries = 1_000_000;

interface TimedCache {
  set(key: number, value: number): unknown;
  delete(key: number): unknown;
  resize?(maxEntries: number): void;
}

type Make = (maxEntries: number, ttlMs: number, clock: Clock) => TimedCache;

/** The longest of many operations, in milliseconds. */
class Longest {
  ms = 0;

  time(operation: () => void): void {
    const before = performance.now();
    operation();
    this.ms = Math.max(this.ms, performance.now() - before);
  }
}

/** A clock whose tasks the benchmark runs itself, each timed as an operation. */
class TimedClock implements Clock {
  skippedMs = 0;
  readonly tasks = new Set<() => void>();

  now(): number {
    return systemClock.now() + this.skippedMs;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.skippedMs;
  }

  schedule(task: () => void): Disposable {
    this.tasks.add(task);
    return { [Symbol.dispose]: () => void this.tasks.delete(task) };
  }

  run(longest: Longest): void {
    for (const task of this.tasks) {
      this.tasks.delete(task);
      longest.time(task);
    }
  }
}

function fill(cache: TimedCache, from: number, count: number, longest = new Longest()): void {
  globalThis.gc?.();
  for (let key = from; key < from + count; key++) longest.time(() => cache.set(key, key));
}

/** Growing from empty to a million entries. */
const growing: Case<Make> = (make, probe) => {
  const longest = new Longest();
  fill(make(entries, Infinity, systemClock), 0, entries, longest);
  probe.record('longestMs', longest.ms);
};

/** Two million new entries into a full cache: evictions, aging of what is remembered. */
const evicting: Case<Make> = (make, probe) => {
  const cache = make(entries, Infinity, systemClock);
  fill(cache, 0, entries);
  const longest = new Longest();
  fill(cache, entries, 2 * entries, longest);
  probe.record('longestMs', longest.ms);
};

const resizing: Case<Make> = (make, probe) => {
  const clock = new TimedClock();
  const cache = make(entries, Infinity, clock);
  fill(cache, 0, entries);
  const longest = new Longest();
  longest.time(() => cache.resize?.(entries / 10));
  while (clock.tasks.size > 0) clock.run(longest);
  probe.record('longestMs', longest.ms);
};

const expiring: Case<Make> = (make, probe) => {
  const clock = new TimedClock();
  const cache = make(entries, 60_000, clock);
  fill(cache, 0, entries);
  const longest = new Longest();
  clock.skippedMs = 120_000;
  for (let turns = 0; clock.tasks.size > 0; turns++) {
    clock.run(longest);
    assert.ok(turns < 1e6);
  }
  probe.record('longestMs', longest.ms);
};

export const suite: Suite<Make> = {
  contenders: {
    MemoryCache: () => (maxEntries, ttlMs, clock) => {
      const cache = new MemoryCache<number, number>({ maxEntries, ttlMs, clock });
      return {
        set: (key, value) => cache.set(key, value),
        delete: (key) => cache.delete(key),
        resize: (smaller) => cache.resize({ maxEntries: smaller }),
      };
    },
    'lru-cache': () => (max) => new LRUCache<number, number>({ max }),
  },
  cases: { growing, evicting, resizing, expiring },
  leftOut: ['lru-cache: resizing', 'lru-cache: expiring'],
};
