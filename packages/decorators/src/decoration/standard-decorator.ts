import type { AnyFunction } from '../wrapper/function-types.ts';
import type { Member } from '../wrapper/member.ts';
import type { Step } from '../wrapper/policy.ts';
import { narrowest, refusal, wrapAll, wrapSetter } from './wrap-all.ts';

/** What a standard decorator is told of the member, as far as it matters here. */
export interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol;
  readonly private: boolean;
}

/** What a standard decorator of an accessor gets and answers. */
interface AccessorFunctions {
  readonly get: AnyFunction;
  readonly set: (value: unknown) => void;
}

export function isStandardContext(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** What takes the place of a member under standard decorators. */
export function decorateStandard(
  steps: readonly Step[],
  target: unknown,
  context: StandardContext,
): unknown {
  const member: Member = {
    key: context.name,
    isMethod: true,
    isPrivate: context.private,
    writeListeners: context.kind === 'accessor' ? [] : undefined,
  };
  const { getters } = narrowest(steps).places;
  if (context.kind === 'method' || (context.kind === 'getter' && getters)) {
    return wrapAll(steps, target as AnyFunction, member);
  }
  if (context.kind === 'accessor' && getters) {
    const { get, set } = target as AccessorFunctions;
    return { get: wrapAll(steps, get, member), set: wrapSetter(set, member) };
  }
  const kind = context.kind === 'accessor' ? 'an accessor' : `a ${context.kind}`;
  throw refusal(steps, String(context.name), kind);
}
