import { describeValue } from '@x/interfaces';
import type { AnyFunction } from '../wrapper/function-types.ts';
import { isClass } from '../wrapper/is-class.ts';
import { decorateLegacy } from './legacy-decorator.ts';
import { type AppliedPolicy, appliedPolicy, type Step } from '../wrapper/policy.ts';
import { decorateStandard, isStandardContext } from './standard-decorator.ts';
import { narrowest, wrapAll } from './wrap-all.ts';

/** Where a decoration keeps its steps, also one from another copy of the package; not shown by `console.log`. */
const steps: unique symbol = Symbol.for('@x/decorators:steps') as never;

/** What all decorations are, beside functions: what `policies` takes. */
export interface Decoration {
  /** What it puts on a function, outermost first. */
  readonly policies: readonly AppliedPolicy[];
}

/**
 * One function that serves as a wrapper, `decorate(fn)`, as a standard decorator (2023-11
 * semantics) and as a decorator of TypeScript's `experimentalDecorators`. The three are told apart
 * by their arguments.
 *
 * @param given - what is put on the function, outermost first
 */
export function createDecoration(given: readonly Step[]): (...args: unknown[]) => unknown {
  const decorate = (...args: unknown[]): unknown => {
    const [target, key, descriptor] = args;
    if (isStandardContext(key)) return decorateStandard(given, target, key);
    if (typeof key === 'string' || typeof key === 'symbol') {
      const found = descriptor as PropertyDescriptor | undefined;
      return decorateLegacy(given, target as object, key, found);
    }
    if (typeof key === 'object' && key !== null) {
      const { policy } = narrowest(given);
      throw new TypeError(`options of ${policy} go before the function: ${policy}(…, options)(fn)`);
    }
    if (typeof target === 'function' && !isClass(target)) {
      const fn = target as AnyFunction;
      return wrapAll(given, fn, { key: fn.name, isMethod: false, isPrivate: false });
    }
    const came = typeof target === 'function' ? `class ${target.name}` : describeValue(target);
    const { policy, places, resource } = narrowest(given);
    const goesOn = places.getters ? 'a function, a method or a getter' : 'a function or a method';
    const hint =
      typeof resource === 'function'
        ? `; a function in ${policy}(…) is taken for one that finds what it needs: write ${policy}(…)(fn)`
        : '';
    throw new TypeError(`${policy} goes on ${goesOn}, got ${came}${hint}`);
  };
  return Object.defineProperties(decorate, {
    policies: { value: given.map(appliedPolicy), enumerable: true },
    [steps]: { value: given },
  });
}

/** What `decoration` puts on a function, or `undefined` when it is none of ours. */
export function stepsOf(decoration: unknown): readonly Step[] | undefined {
  return typeof decoration === 'function'
    ? (decoration as { [steps]?: readonly Step[] })[steps]
    : undefined;
}
