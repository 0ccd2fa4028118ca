import type { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import type { CacheManager } from '../src/index.ts';

export const keys = ['user:1', 'user:2'] as const;

/** What a key had at some time; each explicit change makes a newer one. */
export interface Version {
  readonly version: number;
}

export interface Step {
  readonly act: string;
  readonly key: string;
}

export const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(
    'load',
    'load',
    'load',
    'load and fail',
    'load and leave',
    'load with a time limit',
    'load both',
    'get',
    'set',
    'set many',
    'delete',
    'delete many',
    'clear',
    'invalidate by pattern',
    'invalidate by tag',
    'let time pass',
  ),
  key: fc.constantFrom(...keys),
});

/** Plays steps on a cache, and remembers what each call has to know at least. */
export class Play {
  readonly cache: CacheManager;
  readonly ends: Promise<unknown>[] = [];
  readonly scheduler: fc.Scheduler;
  readonly clock: ManualClock;
  /** The newest version of each key, and the newest whose change was acknowledged. */
  readonly newest: Record<string, number> = {};
  readonly #acknowledged: Record<string, number> = {};
  readonly #aborts: AbortController[] = [];

  constructor(cache: CacheManager, scheduler: fc.Scheduler, clock: ManualClock) {
    this.cache = cache;
    this.scheduler = scheduler;
    this.clock = clock;
    for (const key of keys) this.newest[key] = this.#acknowledged[key] = 0;
  }

  play({ act, key }: Step): void {
    const { cache } = this;
    switch (act) {
      case 'load':
        return this.#load(key, {}, 'well');
      case 'load and fail':
        return this.#load(key, {}, 'fails');
      case 'load and leave': {
        const controller = new AbortController();
        this.#load(key, { signal: controller.signal }, 'well');
        this.#aborts.push(controller);
        void this.#turn('leave').then(() => controller.abort('left'));
        return;
      }
      case 'load with a time limit':
        return this.#load(key, { hardTimeoutMs: 5 }, 'well');
      case 'load both':
        return this.#loadBoth();
      case 'get':
        return this.#expectNoOlder(key, cache.get<Version>(key));
      case 'set':
        return this.#change([key], () => cache.set(key, this.#versionOf(key), { tags: ['t'] }));
      case 'set many':
        return this.#change(keys, () =>
          cache.setMany(
            keys.map((each) => [each, this.#versionOf(each)]),
            { tags: ['t'] },
          ),
        );
      case 'delete':
        return this.#change([key], () => cache.delete(key));
      case 'delete many':
        return this.#change(keys, () => cache.deleteMany(keys));
      case 'clear':
        return this.#change(keys, () => cache.clear());
      case 'invalidate by pattern':
        return this.#change(keys, () => cache.invalidatePattern('user:*'));
      case 'invalidate by tag':
        return this.#change(keys, () => cache.invalidateTags(['t']));
      default:
        this.clock.advance(10);
    }
  }

  /** Lets everything end that can. */
  async finish(): Promise<void> {
    for (let round = 0; round < 8; round++) {
      await this.scheduler.waitIdle();
      this.clock.advance(40_000);
    }
    await Promise.all(this.ends);
  }

  #load(key: string, options: object, outcome: 'well' | 'fails'): void {
    const loader = async (): Promise<Version> => {
      const loaded = this.#versionOf(key);
      await this.#turn('load');
      if (outcome === 'fails') throw new Error('load failed');
      return loaded;
    };
    this.#expectNoOlder(key, this.cache.getOrSet(key, loader, { tags: ['t'], ...options }));
  }

  #loadBoth(): void {
    const known = { ...this.#acknowledged };
    const loader = async ({ keys }: { keys: readonly string[] }): Promise<[string, Version][]> => {
      const loaded = keys.map((key): [string, Version] => [key, this.#versionOf(key)]);
      await this.#turn('load both');
      return loaded;
    };
    const both = this.cache.getOrSetMany(keys, loader, { tags: ['t'] });
    const check = (values: Map<string, Version | undefined>): void => {
      for (const [key, value] of values) this.#expectAtLeast(value, known[key]);
    };
    this.ends.push(unlessFailed(both, check));
  }

  #expectNoOlder(key: string, answer: Promise<Version | undefined>): void {
    const known = this.#acknowledged[key];
    this.ends.push(unlessFailed(answer, (value) => this.#expectAtLeast(value, known)));
  }

  #expectAtLeast(value: Version | undefined, known = 0): void {
    if (value === undefined || value.version >= known) return;
    throw new Error(`got version ${value.version} after version ${known} was acknowledged`);
  }

  #change(changed: readonly string[], change: () => Promise<unknown>): void {
    for (const key of changed) this.newest[key] = (this.newest[key] ?? 0) + 1;
    const versions = { ...this.newest };
    const acknowledge = (): void => {
      for (const key of changed) {
        this.#acknowledged[key] = Math.max(this.#acknowledged[key] ?? 0, versions[key] ?? 0);
      }
    };
    this.ends.push(unlessFailed(change(), acknowledge));
  }

  #versionOf(key: string): Version {
    return { version: this.newest[key] ?? 0 };
  }

  #turn(label: string): Promise<unknown> {
    return this.scheduler.schedule(Promise.resolve(), label);
  }
}

async function unlessFailed<T>(answer: Promise<T>, check: (value: T) => void): Promise<void> {
  let value: T;
  try {
    value = await answer;
  } catch {
    return;
  }
  check(value);
}
