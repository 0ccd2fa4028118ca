import type { EvictionPolicy, SlotWeights } from './eviction-policy.ts';
import { SlotQueues } from './slot-queues.ts';

const byUse = 0;

/** Evicts the entry that was used least recently, strictly. */
export class LruPolicy implements EvictionPolicy {
  readonly probesNewcomers = false;
  readonly #weights: SlotWeights;
  readonly #queue = new SlotQueues(1);

  constructor(weights: SlotWeights) {
    this.#weights = weights;
  }

  grow(capacity: number): void {
    this.#queue.grow(capacity);
  }

  insert(slot: number): void {
    if (this.#weights.weightOf(slot) !== 0) this.#queue.addFirst(byUse, slot);
  }

  hit(slot: number): void {
    if (this.#queue.first(byUse) === slot || this.#weights.weightOf(slot) === 0) return;
    this.#queue.remove(slot);
    this.#queue.addFirst(byUse, slot);
  }

  update(slot: number): void {
    this.hit(slot);
  }

  reweigh(slot: number, weightBefore: number): void {
    if (weightBefore !== 0) this.#queue.remove(slot);
    this.insert(slot);
  }

  remove(slot: number): void {
    if (this.#weights.weightOf(slot) !== 0) this.#queue.remove(slot);
  }

  evict(): number {
    const slot = this.#queue.last(byUse);
    if (slot >= 0) this.#queue.remove(slot);
    return slot;
  }

  clear(): void {
    this.#queue.clear();
  }

  slots(): Iterable<number> {
    return this.#queue.slots(byUse);
  }

  useOf(): number {
    return 0;
  }

  restore(slot: number): void {
    this.insert(slot);
  }
}
