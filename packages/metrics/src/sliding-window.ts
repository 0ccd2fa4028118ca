import type { Sketch, SketchFactory } from './sketch/sketch.ts';

interface Slot {
  /** Which stretch of time it covers, counted in slot widths from the start of the clock. */
  index: number;
  readonly sketch: Sketch;
}

/** What a window holds at one moment. */
export interface WindowContents {
  /** Everything recorded in the window. */
  readonly sketch: Sketch;
  /** How much time the window covers so far, in milliseconds. */
  readonly coveredMs: number;
}

/** How a window cuts time into slots. */
export interface WindowOptions {
  /** How long values count, in milliseconds; `Infinity` for ever. */
  readonly retentionMs: number;
  /** Slots that the window is cut into; old values leave one slot at a time. */
  readonly slots: number;
  readonly createSketch: SketchFactory;
}

/**
 * The values of the last `retentionMs`, in a ring of slots that turns when it is written or read: no
 * timer. The window covers between `(slots - 1) / slots` and all of `retentionMs`. A slot that is
 * over gives its working memory back. Times are milliseconds of one monotonic clock.
 */
export class SlidingWindow {
  readonly #options: WindowOptions;
  readonly #widthMs: number;
  readonly #ring: (Slot | undefined)[];
  #current: Slot | undefined;
  #since: number;

  constructor(options: WindowOptions, now: number) {
    this.#options = options;
    this.#widthMs = options.retentionMs / options.slots;
    this.#ring = Array.from({ length: options.slots });
    this.#since = now;
  }

  record(value: number, now: number): void {
    const index = Math.floor(now / this.#widthMs);
    const slot = this.#current?.index === index ? this.#current : this.#turnTo(index);
    slot.sketch.record(value);
  }

  read(now: number): WindowContents {
    const { slots, createSketch } = this.#options;
    const index = Math.floor(now / this.#widthMs);
    if (this.#current !== undefined && this.#current.index < index) this.#leaveCurrent();
    const sketch = createSketch();
    for (const [place, slot] of this.#ring.entries()) {
      if (slot === undefined) continue;
      if (slot.index > index - slots) sketch.merge(slot.sketch);
      else this.#ring[place] = undefined;
    }
    const begin = this.#widthMs === Infinity ? -Infinity : (index - slots + 1) * this.#widthMs;
    return { sketch, coveredMs: now - Math.max(this.#since, begin) };
  }

  reset(now: number): void {
    this.#ring.fill(undefined);
    this.#current = undefined;
    this.#since = now;
  }

  #turnTo(index: number): Slot {
    this.#leaveCurrent();
    const place = index % this.#options.slots;
    const slot = this.#ring[place] ?? { index, sketch: this.#options.createSketch() };
    if (slot.index !== index) slot.sketch.reset();
    slot.index = index;
    this.#ring[place] = slot;
    this.#current = slot;
    return slot;
  }

  #leaveCurrent(): void {
    this.#current?.sketch.compact();
    this.#current = undefined;
  }
}
