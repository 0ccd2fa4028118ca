import type { AnyFunction } from './function-types.ts';
import type { Member } from './member.ts';

/** What can be put on a function, outermost first where {@link policies} puts them in order. */
export type PolicyKind =
  | 'monitored'
  | 'cached'
  | 'circuitBroken'
  | 'retried'
  | 'rateLimited'
  | 'concurrencyLimited'
  | 'timeLimited';

/** What is on a function, as `inspect` tells it. */
export interface AppliedPolicy {
  readonly policy: PolicyKind;
  /** The cache, meter, limiter, breaker or retry budget, or the function that finds it. */
  readonly resource: object | undefined;
  /** The options as they were given. */
  readonly options: object;
}

/** What a policy may stand on beside functions and methods. */
export interface Places {
  /** Getters and accessors: reading them is a call without arguments. */
  readonly getters?: boolean;
  /** Generators, from the first item that is asked for to the end. @defaultValue none */
  readonly generators?: 'asynchronous' | 'all';
}

/** Makes the wrapper of one function. `outermost` gives the function that callers will see. */
export type Wrap = (fn: AnyFunction, member: Member, outermost: () => AnyFunction) => AnyFunction;

/** One policy of a decoration. */
export interface Step extends AppliedPolicy {
  readonly places: Places;
  readonly wrap: Wrap;
}

/** What `inspect` and `console.log` tell of a step, without how it works. */
export function appliedPolicy({ policy, resource, options }: AppliedPolicy): AppliedPolicy {
  return { policy, resource, options };
}
