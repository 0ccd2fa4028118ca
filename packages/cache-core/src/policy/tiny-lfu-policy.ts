import { grown } from '../memory/grown.ts';
import type { EvictionPolicy, RankedKeys, SlotWeights } from './eviction-policy.ts';
import { FrequencySketch } from './frequency-sketch.ts';
import { SlotQueues } from './slot-queues.ts';
import { WindowShare } from './window-share.ts';

// The state of a slot is its region in the two low bits, and two marks of its use.
const window = 0;
const probation = 1;
const protectedRegion = 2;
/** Held, but not to be evicted. */
const pinned = 3;
const regionBits = 0b0011;
/** Was read since the policy last passed by. */
const visited = 0b0100;
/** Was read since it came in. */
const used = 0b1000;
const visitedAndUsed = visited | used;

const protectedShare = 0.8;
/** Most slots that one eviction passes over, so that none takes long. */
const mostPasses = 64;
/** Most slots that one eviction moves out of a window that became smaller. */
const mostMoves = 16;
/** A key used more often than this is now and then let in although its rival was used as often. */
const frequentUses = 5;
/** A power of 2. */
const luckyOneIn = 128;

/**
 * Keeps what is used often, and lets in what is new: W-TinyLFU (Einziger, Friedman and Manes, ACM
 * Transactions on Storage, 2017) with lazy promotion. New entries begin in a window; one that leaves it
 * takes the place of the main part's next victim only if it was used more often. The main part is
 * segmented: entries on probation that were read become protected.
 *
 * A hit writes at most one byte. Entries move only when the policy looks for a victim, as in CLOCK, and
 * their frequency is counted in a sketch only when they leave.
 */
export class TinyLfuPolicy implements EvictionPolicy {
  readonly probesNewcomers = true;
  readonly #keys: RankedKeys;
  readonly #weights: SlotWeights;
  readonly #queues = new SlotQueues(3);
  readonly #sketch = new FrequencySketch();
  readonly #windowShare = new WindowShare();
  /** What the entries of each region weigh; those that are pinned weigh 0. */
  readonly #weight = new Float64Array(4);
  #state = new Uint8Array(0);
  #entries = 0;
  /** Hits of entries in the window since the policy last looked at them. */
  #windowHits = 0;
  #random = (crypto.getRandomValues(new Int32Array(1))[0] as number) || 1;

  constructor(keys: RankedKeys, weights: SlotWeights) {
    this.#keys = keys;
    this.#weights = weights;
  }

  grow(capacity: number): void {
    this.#state = grown(this.#state, capacity);
    this.#queues.grow(capacity);
    if (!this.#sketch.isEmpty) this.#sketch.fit(capacity);
  }

  /** Until the first eviction there is no window, which a new entry would have to leave again. */
  insert(slot: number): void {
    this.#enter(slot, this.#sketch.isEmpty ? probation : window);
  }

  hit(slot: number): void {
    const state = this.#state[slot] as number;
    // Every state above this one is outside the window and has both marks already.
    if (state > visitedAndUsed) return;
    this.#state[slot] = state | visitedAndUsed;
    if ((state & regionBits) === window) this.#windowHits++;
  }

  /** Counts as a use, but as no hit of the window, since it is none of the cache. */
  update(slot: number): void {
    (this.#state[slot] as number) |= visitedAndUsed;
  }

  reweigh(slot: number, weightBefore: number): void {
    const weight = this.#weights.weightOf(slot);
    if (weight === weightBefore) return;
    const state = this.#state[slot] as number;
    const region = state & regionBits;
    if (weight === 0 || region === pinned) {
      this.#leave(slot, weightBefore);
      this.#enter(slot, window | (state & visitedAndUsed));
    } else {
      (this.#weight[region] as number) += weight - weightBefore;
    }
  }

  remove(slot: number): void {
    this.#leave(slot, this.#weights.weightOf(slot));
    if (!this.#sketch.isEmpty) this.#remember(slot);
  }

  evict(hits: number, misses: number): number {
    if (this.#sketch.isEmpty) this.#start(hits, misses);
    else if (this.#windowShare.isDue(hits, misses, this.#entries)) this.#steer(hits, misses);
    const victim = this.#chooseVictim();
    if (victim >= 0) {
      this.#leave(victim, this.#weights.weightOf(victim));
      this.#remember(victim);
    }
    return victim;
  }

  clear(): void {
    this.#queues.clear();
    this.#sketch.clear();
    this.#weight.fill(0);
    this.#state = new Uint8Array(0);
    this.#entries = 0;
  }

  *slots(): Iterable<number> {
    yield* this.#queues.slots(protectedRegion);
    yield* this.#queues.slots(window);
    yield* this.#queues.slots(probation);
  }

  /** The slot's state in the low four bits, above them the estimate of its key. */
  useOf(slot: number): number {
    const estimate = this.#sketch.isEmpty ? 0 : this.#sketch.estimate(this.#keys.hashAt(slot));
    return (this.#state[slot] as number) | (estimate << 4);
  }

  restore(slot: number, use: number): void {
    const region = (use & regionBits) === pinned ? window : use & regionBits;
    this.#enter(slot, region | (use & visitedAndUsed));
    if (use >>> 4 === 0) return;
    if (this.#sketch.isEmpty) this.#sketch.fit(this.#state.length);
    this.#sketch.add(this.#keys.hashAt(slot), use >>> 4);
  }

  /** @param state - a region, which is the pinned one for a weight of 0 whatever is said, and marks */
  #enter(slot: number, state: number): void {
    const weight = this.#weights.weightOf(slot);
    if (weight === 0) {
      this.#state[slot] = state | pinned;
      return;
    }
    const region = state & regionBits;
    this.#state[slot] = state;
    this.#queues.addFirst(region, slot);
    (this.#weight[region] as number) += weight;
    this.#entries++;
  }

  #leave(slot: number, weight: number): void {
    const region = (this.#state[slot] as number) & regionBits;
    if (region === pinned) return;
    this.#queues.remove(slot);
    (this.#weight[region] as number) -= weight;
    this.#entries--;
  }

  /** Moves `slot` to the head of `region`, or of its own again, no longer visited. */
  #move(slot: number, region: number): void {
    const state = this.#state[slot] as number;
    const regionBefore = state & regionBits;
    this.#state[slot] = (state & used) | region;
    this.#queues.remove(slot);
    this.#queues.addFirst(region, slot);
    if (region === regionBefore) return;
    const weight = this.#weights.weightOf(slot);
    (this.#weight[regionBefore] as number) -= weight;
    (this.#weight[region] as number) += weight;
    if (regionBefore === window) this.#keys.settle(slot);
  }

  #isVisited(slot: number): boolean {
    return ((this.#state[slot] as number) & visited) !== 0;
  }

  #weightOf(region: number): number {
    return this.#weight[region] as number;
  }

  // Methods, because V8 calls its runtime for each use of a private getter.
  #mainWeight(): number {
    return this.#weightOf(probation) + this.#weightOf(protectedRegion);
  }

  #totalWeight(): number {
    return this.#weightOf(window) + this.#mainWeight();
  }

  #start(hits: number, misses: number): void {
    this.#sketch.fit(this.#state.length);
    this.#windowShare.start(hits, misses);
    this.#windowHits = 0;
  }

  #steer(hits: number, misses: number): void {
    if (this.#entries === 0) return;
    const windowPart = { hits: this.#windowHits, weight: this.#weightOf(window) };
    this.#windowShare.step(hits, misses, windowPart, this.#mainWeight());
    this.#windowHits = 0;
  }

  #chooseVictim(): number {
    const total = this.#totalWeight();
    const limit = Math.max(1, Math.round(this.#windowShare.share * total));
    if (this.#weightOf(window) > limit) this.#shrinkWindow(limit);
    const victim = this.#mainVictim(Math.floor(protectedShare * Math.max(0, total - limit)));
    const room = limit - this.#weightOf(window);
    // Where an entry of the mean weight still fits, or too much waits to be moved, the newest are not weighed.
    if (victim >= 0 && (room < 0 || room * this.#entries >= total)) return victim;
    const candidate = this.#windowCandidate();
    if (victim < 0 || candidate < 0) return Math.max(victim, candidate);
    if (!this.#isBetter(candidate, victim)) return candidate;
    this.#move(candidate, probation);
    return victim;
  }

  /** Lets go of slots while the window is too large: when its share fell, or the cache became full. */
  #shrinkWindow(limit: number): void {
    for (let moves = 0; moves < mostMoves && this.#weightOf(window) > limit; moves++) {
      const slot = this.#queues.last(window);
      this.#move(slot, this.#isVisited(slot) ? protectedRegion : probation);
    }
  }

  /** The slot that leaves the window next: the last one that was not read since it was passed. */
  #windowCandidate(): number {
    let slot = this.#queues.last(window);
    for (let passes = 0; passes < mostPasses && slot >= 0 && this.#isVisited(slot); passes++) {
      this.#move(slot, window);
      slot = this.#queues.last(window);
    }
    return slot;
  }

  /** The slot of the main part that is needed least; -1 when the part is empty. */
  #mainVictim(protectedLimit: number): number {
    for (let passes = 0; passes < mostPasses; passes++) {
      if (this.#weightOf(protectedRegion) > protectedLimit) {
        const slot = this.#queues.last(protectedRegion);
        this.#move(slot, this.#isVisited(slot) ? protectedRegion : probation);
        continue;
      }
      const slot = this.#queues.last(probation);
      if (slot < 0) break;
      if (!this.#isVisited(slot)) return slot;
      this.#move(slot, protectedRegion);
    }
    const slot = this.#queues.last(probation);
    return slot < 0 ? this.#queues.last(protectedRegion) : slot;
  }

  #isBetter(candidate: number, victim: number): boolean {
    const uses = this.#usesOf(candidate);
    if (uses > this.#usesOf(victim)) return true;
    // Against keys that were made to collide with what is popular.
    return uses > frequentUses && (this.#nextRandom() & (luckyOneIn - 1)) === 0;
  }

  #usesOf(slot: number): number {
    const sinceInsert = (this.#state[slot] as number) & used ? 1 : 0;
    return sinceInsert + this.#sketch.estimate(this.#keys.hashAt(slot));
  }

  /** The key of `slot` leaves: its insertion and its use are counted. */
  #remember(slot: number): void {
    const uses = (this.#state[slot] as number) & used ? 2 : 1;
    this.#sketch.add(this.#keys.hashAt(slot), uses);
  }

  /** Xorshift (Marsaglia, 2003). */
  #nextRandom(): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return this.#random;
  }
}
