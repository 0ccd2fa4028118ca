import { describeValue } from '@x/interfaces';
import type { AnyDecoration } from './decoration/any-decoration.ts';
import type { AsyncDecoration } from './decoration/async-decoration.ts';
import { createDecoration, type Decoration, stepsOf } from './decoration/decoration.ts';
import type { PolicyKind, Step } from './wrapper/policy.ts';

/** Outermost first: a hit takes no permit, each attempt takes one, and waiting is no attempt's time. */
const order: readonly PolicyKind[] = [
  'monitored',
  'cached',
  'circuitBroken',
  'retried',
  'rateLimited',
  'concurrencyLimited',
  'timeLimited',
];

/**
 * Puts several policies on a function in the order in which they work best, however they are written:
 * monitored › cached › circuitBroken › retried › rateLimited › concurrencyLimited › timeLimited. So a
 * hit takes no permit, each attempt takes one, and time spent waiting for it is not limited. Two of one
 * kind keep the order in which they are written. For another order put them on one by one.
 *
 * @throws TypeError when something else is given, or nothing
 */
export function policies(
  ...decorations: readonly [AnyDecoration, ...AnyDecoration[]]
): AnyDecoration;
export function policies(...decorations: readonly [Decoration, ...Decoration[]]): AsyncDecoration;
export function policies(...decorations: readonly Decoration[]): unknown {
  if (decorations.length === 0) throw new TypeError('policies needs at least one');
  const steps: Step[] = decorations.flatMap((decoration) => {
    const found = stepsOf(decoration);
    if (found !== undefined) return found;
    throw new TypeError(
      `policies takes what cached, retried and the others answer, got ${describeValue(decoration)}: write policies(retried(), …)`,
    );
  });
  return createDecoration(
    steps.sort((left, right) => order.indexOf(left.policy) - order.indexOf(right.policy)),
  );
}
