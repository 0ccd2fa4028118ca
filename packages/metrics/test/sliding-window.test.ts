import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../src/distribution/sliding-window.ts';
import { TDigestSketch } from '../src/sketch/tdigest-sketch.ts';

const windowOf = (retentionMs: number, slots = 12): SlidingWindow =>
  new SlidingWindow({ retentionMs, slots, createSketch: () => new TDigestSketch() }, 0);

/** Records one value as a distribution does: the slot first, then the value. */
function put(window: SlidingWindow, value: number, now: number): void {
  window.enter(now);
  window.slot().record(value);
}

describe('SlidingWindow', () => {
  it('lets values leave after the retention, a slot at a time', () => {
    const window = windowOf(1_200);
    put(window, 1, 0);
    put(window, 2, 150);
    put(window, 3, 1_150);

    expect(window.read(1_199).sketch.count).toBe(3);
    expect(window.read(1_200).sketch.count).toBe(2);
    expect(window.read(1_299).sketch.min).toBe(2);
    expect(window.read(1_300).sketch.count).toBe(1);
    expect(window.read(10_000).sketch.count).toBe(0);
  });

  it('says how much time it covers', () => {
    const window = windowOf(1_200);

    expect(window.read(0).coveredMs).toBe(0);
    expect(window.read(500).coveredMs).toBe(500);
    expect(window.read(1_250).coveredMs).toBe(1_150);
    expect(window.read(1e9).coveredMs).toBeLessThanOrEqual(1_200);
  });

  it('keeps values for ever with an endless retention', () => {
    const window = windowOf(Infinity);
    put(window, 1, 0);
    put(window, 2, 1e12);

    expect(window.read(2e12).sketch.count).toBe(2);
    expect(window.read(2e12).coveredMs).toBe(2e12);
  });

  it('records again after a long silence', () => {
    const window = windowOf(1_200);
    for (let index = 0; index < 2_000; index++) put(window, index, 50);
    window.read(1e6);
    put(window, 7, 1e6);

    expect(window.read(1e6).sketch).toMatchObject({ count: 1, min: 7, max: 7 });
  });

  it('forgets everything on reset', () => {
    const window = windowOf(1_200);
    put(window, 1, 100);
    window.reset(200);

    expect(window.read(300)).toMatchObject({ coveredMs: 100, sketch: { count: 0 } });
  });

  it('holds exactly what is younger than the oldest slot, for any times of writing and reading', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(400), read: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 8 }), (sequence, slots) => {
        const widthMs = 100;
        const window = windowOf(widthMs * slots, slots);
        const recorded: number[] = [];
        let now = 0;
        for (const { afterMs, read } of sequence) {
          now += afterMs;
          if (!read) {
            put(window, now, now);
            recorded.push(now);
          }
          const oldest = (Math.floor(now / widthMs) - slots + 1) * widthMs;
          const held = recorded.filter((at) => at >= oldest);
          const { sketch } = window.read(now);
          expect(sketch.count).toBe(held.length);
          expect(sketch.min).toBe(Math.min(...held));
          expect(sketch.max).toBe(Math.max(...held));
        }
      }),
      { numRuns: 60 },
    );
  });
});
