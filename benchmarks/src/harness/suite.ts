/** What a case is given to measure with. */
export interface Probe {
  /**
   * Times `body`, which does `operations` operations: it runs twice to warm up, then several times. The
   * least CPU time (user and system) of a run counts, as `nsPerOperation`, and the least time by the
   * clock, as `wallNsPerOperation`.
   */
  time(operations: number, body: () => unknown): Promise<void>;
  /** Notes another figure under `name`. */
  record(name: string, value: number): void;
}

/** Measures one contender. It checks the answers first, and throws where they are wrong. */
export type Case<C> = (contender: C, probe: Probe) => unknown;

/**
 * Contenders that do the same jobs. A module that exports one as `suite` is run by `runSuite`, each
 * contender and case in processes of their own, by turns.
 */
export interface Suite<C> {
  /** Makes each contender, by the name it has in the tables. */
  readonly contenders: Readonly<Record<string, () => C | Promise<C>>>;
  readonly cases: Readonly<Record<string, Case<C>>>;
  /** Cases that a contender cannot do, `'contender: case'`. */
  readonly leftOut?: readonly string[];
}
