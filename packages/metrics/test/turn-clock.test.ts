import { systemClock } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, it, vi } from 'vitest';
import { TurnClock } from '../src/distribution/turn-clock.ts';

describe('TurnClock', () => {
  it('reads the system clock once for each run of synchronous code', async () => {
    const reading = vi.spyOn(systemClock, 'monotonic');
    const clock = new TurnClock(systemClock);
    const first = clock.now();

    expect(clock.now()).toBe(first);
    expect(reading).toHaveBeenCalledTimes(1);
    await Promise.resolve();
    clock.now();
    expect(reading).toHaveBeenCalledTimes(2);
    reading.mockRestore();
  });

  it('asks any other clock each time', () => {
    const manual = new ManualClock();
    const clock = new TurnClock(manual);

    expect(clock.now()).toBe(0);
    manual.advance(5);
    expect(clock.now()).toBe(5);
    expect(clock.exact()).toBe(5);
  });
});
