import { systemClock } from '@x/interfaces';

/**
 * How long a Retry-After header asks to wait, in milliseconds: whole seconds or an HTTP date (RFC 9110,
 * section 10.2.3). `undefined` when there is none or it makes no sense; a date that is past is 0. There is
 * no upper bound: a server may ask for a year.
 *
 * @param value - as `headers.get('retry-after')` of a fetch answers it, or as in the headers of `node:http`;
 * the first counts where there are several
 * @param now - epoch milliseconds, for dates. @defaultValue the time of the system
 */
export function parseRetryAfter(
  value: string | readonly string[] | null | undefined,
  now: number = systemClock.now(),
): number | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // A date begins with the name of its day; `Date.parse` alone would take '-1' for a year.
  const due = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(due) ? undefined : Math.max(0, due - now);
}
