import type { CircuitBreaker } from '@x/interfaces';
import type { AsyncDecoration } from './decoration/async-decoration.ts';
import { refuseBareUse, refuseSecond } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { Resource } from './wrapper/function-types.ts';
import { createResourceFinder } from './wrapper/resource.ts';

/**
 * Lets calls of an asynchronous function through a circuit breaker: as a wrapper,
 * `circuitBroken(breaker)(fn)`, or as a decorator, `@circuitBroken(breaker)`. While the breaker is
 * open, calls reject with its error, of code `ERR_CIRCUIT_OPEN`, and do not run. All instances share
 * the breaker.
 *
 * @param breaker - a circuit breaker, or how to find it on the instance: `(self) => self.breaker`
 * @throws TypeError when it is no circuit breaker
 */
export function circuitBroken(breaker: Resource<CircuitBreaker>): AsyncDecoration {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('circuitBroken', arguments);
  // oxlint-disable-next-line eslint/prefer-rest-params -- see above
  refuseSecond('circuitBroken', arguments);
  const find = createResourceFinder<CircuitBreaker>('circuitBroken', breaker, 'run');
  const decoration = createDecoration([
    {
      policy: 'circuitBroken',
      resource: breaker,
      options: {},
      places: {},
      wrap: (fn) =>
        function (this: unknown, ...args: unknown[]): Promise<unknown> {
          try {
            return find(this).run(() => fn.apply(this, args));
          } catch (error) {
            return Promise.reject(error);
          }
        },
    },
  ]);
  return decoration as unknown as AsyncDecoration;
}
