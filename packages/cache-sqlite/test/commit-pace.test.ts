import { ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommitPace } from '../src/writes/commit-pace.ts';
import { SqliteStore } from '../src/index.ts';

const entry = { value: 1, createdAt: 0 };

describe('a commit', () => {
  let clock: ManualClock;
  let pace: CommitPace;

  beforeEach(() => {
    clock = new ManualClock();
    pace = new CommitPace(clock);
  });

  it('of one change after the other comes at the end of the callback', () => {
    for (let change = 0; change < 20; change++) expect(pace.isSoon()).toBe(true);
  });

  it('waits for the end of a turn in which a millisecond went into others', () => {
    expect(pace.isSoon()).toBe(true);
    clock.advance(0.6);
    expect(pace.isSoon()).toBe(true);
    clock.advance(0.6);
    expect(pace.isSoon()).toBe(false);
    pace.turnEnds(1);
    expect(pace.isSoon()).toBe(true);
  });

  it('waits for the end of a turn in which there were many, also when no time passes', () => {
    const soon = Array.from({ length: 40 }, () => pace.isSoon());
    expect(soon.filter(Boolean)).toHaveLength(32);
    expect(soon.at(-1)).toBe(false);
  });

  it('comes soon again a millisecond after the last', () => {
    for (let change = 0; change < 40; change++) pace.isSoon();
    clock.advance(1.1);
    expect(pace.isSoon()).toBe(true);
  });

  it('waits for others once a turn had several, until one has no more than one', () => {
    pace.turnEnds(2);
    clock.advance(5);
    expect(pace.isSoon()).toBe(false);
    pace.turnEnds(1);
    expect(pace.isSoon()).toBe(true);
  });
});

describe('a program that awaits one set after the other', () => {
  it('lets others have their turns', async () => {
    const store = await SqliteStore.open({ path: ':memory:', clock: new ManualClock() });
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    for (let index = 0; index < 330; index++) await store.set(`${index}`, entry);
    isDone = true;

    expect(turns).toBeGreaterThanOrEqual(10);
    await store.close();
  });
});
