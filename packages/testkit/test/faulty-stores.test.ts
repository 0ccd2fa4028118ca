import type { Entry } from '@x/interfaces';
import { describe, expect, it } from 'vitest';
import { FailingStore, ManualClock, SlowStore } from '../src/index.ts';
import { describeStore } from '../src/describe-store.ts';
import { MapStore } from './map-store.ts';

const entry = (value: unknown): Entry => ({ value, createdAt: 0 });

describeStore('a plain map', (clock) => new MapStore(clock));

describe('FailingStore', () => {
  it('fails as told and otherwise passes on', async () => {
    const store = new FailingStore(new MapStore(new ManualClock()));
    await expect(store.set('a', entry(1))).rejects.toThrow('set failed');

    store.failing = new Set(['get']);
    await store.set('a', entry(1));
    await expect(store.get('a')).rejects.toThrow('get failed');
    store.failing = new Set();

    expect((await store.get('a'))?.value).toBe(1);
    expect(store.failures).toBe(2);
  });
});

describe('SlowStore', () => {
  it('answers later by its clock', async () => {
    const clock = new ManualClock();
    const store = new SlowStore(new MapStore(clock), 100, clock);
    let answered = false;
    const answer = (async () => {
      await store.set('a', entry(1));
      answered = true;
    })();

    await clock.advanceAsync(99);
    expect(answered).toBe(false);
    await clock.advanceAsync(1);
    await answer;
  });
});
