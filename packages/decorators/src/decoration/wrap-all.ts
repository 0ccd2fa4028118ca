import type { AnyFunction } from '../wrapper/function-types.ts';
import type { Member } from '../wrapper/member.ts';
import type { Step } from '../wrapper/policy.ts';
import { generatorKind, linkWrapper } from '../wrapper/wrapper.ts';

/** The narrowest step decides where all may stand. */
export function narrowest(steps: readonly Step[]): Step {
  return steps.find((step) => !step.places.getters) ?? (steps[0] as Step);
}

/** Why the steps cannot stand on a member that is a `kind`. */
export function refusal(steps: readonly Step[], name: string, kind: string): TypeError {
  const { policy, places } = narrowest(steps);
  const place = places.getters ? 'a method or a getter' : 'a method';
  return new TypeError(`@${policy} goes on ${place}; ${name} is ${kind}`);
}

/** A generator answers at once, and works later: most policies would end before it begins. */
function refuseGenerator(steps: readonly Step[], fn: AnyFunction, member: Member): void {
  const kind = generatorKind(fn);
  if (kind === undefined) return;
  const refusing = steps.find(
    ({ places: { generators } }) => generators !== 'all' && generators !== kind,
  );
  if (refusing === undefined) return;
  const name = String(member.key) || 'the function';
  const generator = kind === 'asynchronous' ? 'an asynchronous generator' : 'a generator';
  throw new TypeError(
    `${refusing.policy} goes on functions that answer values or promises; ${name} is ${generator}`,
  );
}

/** Puts the steps on `fn`, the last of them innermost. */
export function wrapAll(steps: readonly Step[], fn: AnyFunction, member: Member): AnyFunction {
  refuseGenerator(steps, fn, member);
  let wrapper = fn;
  for (const step of steps.toReversed()) {
    wrapper = linkWrapper(
      step.wrap(wrapper, member, () => wrapper),
      wrapper,
      step,
    );
  }
  return wrapper;
}

/** The setter of a member whose writes are listened to. */
export function wrapSetter(
  set: (value: unknown) => void,
  { writeListeners = [] }: Member,
): (value: unknown) => void {
  if (writeListeners.length === 0) return set;
  return function (this: unknown, value: unknown): void {
    set.call(this, value);
    for (const listener of writeListeners) listener(this);
  };
}
