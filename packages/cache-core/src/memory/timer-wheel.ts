import { grown } from './grown.ts';

/** Width of the finest bucket, in milliseconds; the most by which collection is late. */
export const tickMs = 512;
const bucketsPerLevel = 64;
/** Buckets of 0.5 s, 33 s, 35 min, 37 h and 99 days; the last level reaches 17 years ahead. */
const levels = 5;
const bucketCount = levels * bucketsPerLevel;
const dueNode = bucketCount;
const firstSlotNode = dueNode + 1;
/** The bucket of a slot that waits in none. */
const noBucket = bucketCount;
const widths = Array.from({ length: levels }, (_, level) => tickMs * bucketsPerLevel ** level);

/**
 * Sorts slots by deadline without comparing them: a hierarchical timing wheel (Varghese and Lauck,
 * SOSP 1987). Placing and collecting a slot each cost O(1) on average. Each bucket is a ring of slots in
 * two typed arrays; a bucket whose time came joins the ring of due slots whole, and each slot in it is
 * looked at when it is taken from there.
 *
 * The wheel is lazy: a slot whose deadline moved away, or that has none any more, stays where it is
 * until that bucket comes due. So a slot that is written again and again is moved once per bucket.
 */
export class TimerWheel {
  #next = withRings(new Uint32Array(0), firstSlotNode);
  #previous = withRings(new Uint32Array(0), firstSlotNode);
  /** Of each slot; when a bucket that is due now is used again, its slots are due no later for it. */
  #buckets = new Uint16Array(0);
  /** When each bucket comes due that was used last. */
  readonly #dueTimes = new Float64Array(bucketCount + 1).fill(Infinity);
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  grow(capacity: number): void {
    this.#next = withRings(this.#next, firstSlotNode + capacity);
    this.#previous = withRings(this.#previous, firstSlotNode + capacity);
    this.#buckets = grown(this.#buckets, capacity, noBucket);
  }

  /** Tells the wheel the time while no bucket is due, so that it places precisely. */
  setTime(now: number): void {
    this.#now = now;
  }

  /** Sees to it that `slot` is looked at by its deadline; answers when at the latest. */
  place(slot: number, deadline: number): number {
    const waitsUntil = this.#dueTimes[this.#buckets[slot] as number] as number;
    if (waitsUntil <= deadline) return waitsUntil;
    let level = 0;
    let distance = this.#distance(deadline, 0);
    while (distance >= bucketsPerLevel && level < levels - 1) {
      level++;
      distance = this.#distance(deadline, level);
    }
    const bucket = this.#bucketNow(level) + Math.min(Math.max(distance, 0), bucketsPerLevel - 1);
    const node = nodeOf(level, bucket);
    const due = dueTime(level, bucket);
    this.#unlink(firstSlotNode + slot);
    this.#append(firstSlotNode + slot, node);
    this.#buckets[slot] = node;
    this.#dueTimes[node] = due;
    return due;
  }

  /** Moves every slot whose bucket is due at `now` to the due ring. */
  advance(now: number): void {
    for (let level = 0; level < levels; level++) {
      // The finest bucket is due when it is over, a coarser one when it begins and needs sorting.
      const offset = level === 0 ? 0 : 1;
      const from = this.#bucketNow(level) + offset;
      const to = Math.floor(now / (widths[level] as number)) + offset;
      for (let bucket = Math.max(from, to - bucketsPerLevel); bucket < to; bucket++) {
        this.#moveToDue(nodeOf(level, bucket));
      }
    }
    this.#now = now;
  }

  /** After {@link advance}: also moves the slots whose bucket is not over yet. */
  advanceIntoTick(): void {
    this.#moveToDue(nodeOf(0, this.#bucketNow(0)));
  }

  /** Takes a slot from the due ring; -1 when there is none. */
  takeDue(): number {
    const node = this.#next[dueNode] as number;
    if (node === dueNode) return -1;
    this.#unlink(node);
    this.#buckets[node - firstSlotNode] = noBucket;
    return node - firstSlotNode;
  }

  /** When {@link advance} next has something to do: `-Infinity` for now, `Infinity` for never. */
  nextDue(): number {
    if (this.#next[dueNode] !== dueNode) return -Infinity;
    let earliest = Infinity;
    for (let level = 0; level < levels; level++) {
      const now = this.#bucketNow(level);
      for (let bucket = now; bucket < now + bucketsPerLevel; bucket++) {
        const node = nodeOf(level, bucket);
        if (this.#next[node] === node) continue;
        earliest = Math.min(earliest, dueTime(level, bucket));
        break;
      }
    }
    return earliest;
  }

  clear(): void {
    this.#next = withRings(new Uint32Array(0), firstSlotNode);
    this.#previous = withRings(new Uint32Array(0), firstSlotNode);
    this.#buckets = new Uint16Array(0);
    this.#dueTimes.fill(Infinity);
  }

  #bucketNow(level: number): number {
    return Math.floor(this.#now / (widths[level] as number));
  }

  #distance(deadline: number, level: number): number {
    return Math.floor(deadline / (widths[level] as number)) - this.#bucketNow(level);
  }

  #unlink(node: number): void {
    const next = this.#next[node] as number;
    const previous = this.#previous[node] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#next[node] = node;
    this.#previous[node] = node;
  }

  #append(node: number, bucket: number): void {
    const last = this.#previous[bucket] as number;
    this.#next[last] = node;
    this.#previous[node] = last;
    this.#next[node] = bucket;
    this.#previous[bucket] = node;
  }

  #moveToDue(bucket: number): void {
    const first = this.#next[bucket] as number;
    if (first === bucket) return;
    const last = this.#previous[bucket] as number;
    const lastDue = this.#previous[dueNode] as number;
    this.#next[lastDue] = first;
    this.#previous[first] = lastDue;
    this.#next[last] = dueNode;
    this.#previous[dueNode] = last;
    this.#next[bucket] = bucket;
    this.#previous[bucket] = bucket;
  }
}

/** The node of a bucket counted from the start of time; each wheel turns every 64 buckets. */
function nodeOf(level: number, bucket: number): number {
  return level * bucketsPerLevel + (bucket % bucketsPerLevel);
}

function dueTime(level: number, bucket: number): number {
  return (level === 0 ? bucket + 1 : bucket) * (widths[level] as number);
}

/** `nodes`, followed by nodes up to `length` that each point at themselves. */
function withRings(nodes: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(nodes);
  for (let node = nodes.length; node < length; node++) longer[node] = node;
  return longer;
}
