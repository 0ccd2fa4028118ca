import type { Member } from '../wrapper/member.ts';
import type { Step } from '../wrapper/policy.ts';
import { narrowest, refusal, wrapAll, wrapSetter } from './wrap-all.ts';

/** The descriptor that takes the place of a member's under `experimentalDecorators`. */
export function decorateLegacy(
  steps: readonly Step[],
  holder: object,
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
): PropertyDescriptor {
  const writeListeners = descriptor?.set === undefined ? undefined : [];
  const member: Member = { key, isMethod: true, isPrivate: false, holder, writeListeners };
  if (typeof descriptor?.value === 'function') {
    return { ...descriptor, value: wrapAll(steps, descriptor.value, member) };
  }
  if (descriptor?.get !== undefined && narrowest(steps).places.getters) {
    // eslint-disable-next-line typescript/unbound-method -- the wrapper passes its own `this` on
    const get = wrapAll(steps, descriptor.get, member);
    // eslint-disable-next-line typescript/unbound-method -- see above
    const { set } = descriptor;
    return set === undefined
      ? { ...descriptor, get }
      : { ...descriptor, get, set: wrapSetter(set, member) };
  }
  const owner = typeof holder === 'function' ? holder : holder.constructor;
  throw refusal(steps, `${owner.name}.${String(key)}`, kindOf(descriptor));
}

function kindOf(descriptor: PropertyDescriptor | undefined): string {
  if (descriptor?.get !== undefined) return 'a getter';
  return descriptor?.set === undefined ? 'a field' : 'a setter';
}
