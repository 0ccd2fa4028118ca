import type { Sketch, SketchFactory } from '../sketch/sketch.ts';

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
 * timer. The window covers between `(slots - 1) / slots` and all of `retentionMs`. Slots are made when
 * there is something to keep, and one that is over gives its working memory back. Times are
 * milliseconds of one monotonic clock.
 */
export class SlidingWindow {
  readonly #options: WindowOptions;
  readonly #widthMs: number;
  #ring: (Slot | undefined)[] = [];
  #current: Slot | undefined;
  #index = -Infinity;
  #since: number;

  constructor(options: WindowOptions, now: number) {
    this.#options = options;
    this.#widthMs = options.retentionMs / options.slots;
    this.#since = now;
  }

  /** Makes the slot at `now` the one that is recorded in, and answers when it ends. */
  enter(now: number): number {
    const index = Math.floor(now / this.#widthMs);
    if (index > this.#index) this.#turnTo(index);
    return (this.#index + 1) * this.#widthMs;
  }

  /** The sketch of the slot that was entered last. */
  slot(): Sketch {
    return this.#slot().sketch;
  }

  /** Takes what `sketch` has seen in `coveredMs` until `now` into the slot that was entered last. */
  merge(sketch: Sketch, coveredMs: number, now: number): void {
    this.#since = Math.min(this.#since, now - coveredMs);
    this.#slot().sketch.merge(sketch);
  }

  read(now: number): WindowContents {
    const { slots, createSketch } = this.#options;
    const index = Math.floor(now / this.#widthMs);
    if (this.#index < index) this.#leaveCurrent();
    const sketch = createSketch();
    for (const [place, slot] of this.#ring.entries()) {
      if (slot === undefined) continue;
      if (slot.index > index - slots) sketch.merge(slot.sketch);
      else if (slot !== this.#current) this.#ring[place] = undefined;
    }
    const begin = this.#widthMs === Infinity ? -Infinity : (index - slots + 1) * this.#widthMs;
    return { sketch, coveredMs: now - Math.max(this.#since, begin) };
  }

  reset(now: number): void {
    this.#ring = [];
    this.#current = undefined;
    this.#since = now;
  }

  #turnTo(index: number): void {
    this.#leaveCurrent();
    this.#index = index;
  }

  #slot(): Slot {
    if (this.#current !== undefined) return this.#current;
    const place = this.#index % this.#options.slots;
    const slot = this.#ring[place] ?? { index: this.#index, sketch: this.#options.createSketch() };
    if (slot.index !== this.#index) slot.sketch.reset();
    slot.index = this.#index;
    this.#ring[place] = slot;
    this.#current = slot;
    return slot;
  }

  #leaveCurrent(): void {
    this.#current?.sketch.compact();
    this.#current = undefined;
  }
}
