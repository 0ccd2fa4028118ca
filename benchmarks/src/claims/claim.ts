/** A promise of the design that the toolkit began with, and how it is checked. */
export interface Claim {
  /** What was promised. */
  readonly claim: string;
  /** What is measured to check it. */
  readonly how: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** What the figure must reach, and what we want it to reach. */
  readonly must: number;
  readonly goal: number;
  measure(): Promise<Measured>;
}

export interface Measured {
  readonly figure: number;
  /** What the figure was made of, by name with unit. */
  readonly details: Readonly<Record<string, number>>;
}

export type Verdict = 'goal reached' | 'kept' | 'broken';

export function judge({ better, must, goal }: Claim, figure: number): Verdict {
  const reaches = (bound: number): boolean =>
    better === 'more' ? figure >= bound : figure <= bound;
  if (reaches(goal)) return 'goal reached';
  return reaches(must) ? 'kept' : 'broken';
}
