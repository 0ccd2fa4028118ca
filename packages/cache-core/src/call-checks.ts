import { describeValue } from '@x/interfaces';

/** @throws TypeError when `loader` is no function, with what it may be instead */
export function checkLoader(loader: unknown, options: unknown): void {
  if (typeof loader === 'function') return;
  const hint =
    typeof options === 'function'
      ? ': it comes before the options'
      : loader === undefined
        ? '; to read alone, call get'
        : '';
  throw new TypeError(`loader must be a function, got ${describeValue(loader)}${hint}`);
}

/**
 * Refuses arguments of a method that takes none: `clear('user:*')` would remove everything.
 *
 * @param instead - what to call for what may have been meant
 */
export function checkNothing(name: string, given: unknown, instead: string): void {
  if (given === undefined) return;
  throw new TypeError(
    `${name} takes no argument, got ${describeValue(given)}; call ${instead}, or give () => cache.${name}() as a listener`,
  );
}
