import type { Entry } from '@x/interfaces';

/** What an entry costs beside its key, value and tags: its place in the cache and its object, as measured. */
const entryOverhead = 220;
const objectOverhead = 24;
const perField = 8;
/** Parts of one value that are looked at; the rest of its list or map counts as their average. */
const mostParts = 1_000;

/**
 * Roughly the memory that an entry takes: 2 bytes per character, 8 per number or reference, the
 * length of binary data. Large values are estimated from their first thousand parts, so that a `set`
 * stays quick. What a class instance hides in private fields is not seen.
 */
export function estimateEntryBytes(entry: Entry, key: string): number {
  let bytes = entryOverhead + key.length * 2 + new ByteEstimate().of(entry.value);
  for (const tag of entry.tags ?? []) bytes += perField + tag.length * 2;
  return bytes;
}

class ByteEstimate {
  #partsLeft = mostParts;
  readonly #seen = new Set<object>();

  of(value: unknown): number {
    this.#partsLeft--;
    if (typeof value === 'string') return value.length * 2;
    return typeof value === 'object' && value !== null ? this.#ofObject(value) : perField;
  }

  #ofObject(value: object): number {
    if (this.#seen.has(value)) return perField;
    this.#seen.add(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return objectOverhead + value.byteLength;
    }
    if (Array.isArray(value)) return this.#ofParts(value.length, value);
    if (value instanceof Map) return this.#ofParts(value.size * 2, flatten(value));
    if (value instanceof Set) return this.#ofParts(value.size, value);
    const names = Object.keys(value);
    return this.#ofParts(names.length, fieldsOf(value as Record<string, unknown>, names));
  }

  #ofParts(count: number, parts: Iterable<unknown>): number {
    let looked = 0;
    let bytes = 0;
    for (const part of parts) {
      if (this.#partsLeft <= 0) break;
      bytes += perField + this.of(part);
      looked++;
    }
    const average = looked === 0 ? perField : bytes / looked;
    return objectOverhead + Math.ceil(bytes + average * (count - looked));
  }
}

function* flatten(map: Map<unknown, unknown>): Iterable<unknown> {
  for (const entry of map) yield* entry;
}

function* fieldsOf(object: Record<string, unknown>, names: string[]): Iterable<unknown> {
  for (const name of names) yield object[name];
}
