/** One hour, which every contender keeps entries for. */
export const ttlMs = 3_600_000;

/** A cache over a medium that outlives the process, by the calls that its users make. */
export interface Contender {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  getMany?(keys: readonly string[]): Promise<readonly unknown[]>;
  setMany?(entries: readonly (readonly [string, unknown])[]): unknown;
  /** Makes what carries the tag unreadable; entries carry one when the contender was made with tags. */
  invalidateTag?(tag: string): unknown;
  /** Makes what begins with `prefix` unreadable. */
  invalidatePrefix?(prefix: string): unknown;
  close(): unknown;
}

/** Opens a contender in an empty folder. */
export type Open = (folder: string) => Contender | Promise<Contender>;
