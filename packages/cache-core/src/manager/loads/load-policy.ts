import {
  booleanOption,
  checkOptionNames,
  checkTags,
  type GetOrSetOptions,
  type LoadOptions,
  numberOption,
  type NumberRange,
  seconds,
} from '@x/interfaces';
import { checkTtl, getOrSetOptionNames } from '../../call-options.ts';

/** How a cache loads, unless a call says otherwise. */
export interface LoadSettings {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly softTimeoutMs: number;
  readonly hardTimeoutMs: number;
  readonly refreshAfterRatio: number;
  readonly xfetchBeta: number;
  readonly ttlJitterRatio: number;
  readonly errorTtlMs: number;
  readonly errorBackoffMs: number;
  readonly cacheUndefined: boolean;
}

/** How one value is loaded and kept, and what its caller accepts. */
export interface LoadPolicy<V = never> extends Omit<LoadSettings, 'ttlMs'> {
  readonly ttlMs: number | ((value: V) => number);
  readonly tags: readonly string[] | undefined;
}

const atLeast0: NumberRange = { min: 0 };
const share: NumberRange = { min: 0, max: 1 };

const plain: LoadSettings = {
  ttlMs: 0,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  softTimeoutMs: Infinity,
  hardTimeoutMs: Infinity,
  refreshAfterRatio: 1,
  xfetchBeta: 0,
  ttlJitterRatio: 0,
  errorTtlMs: 0,
  errorBackoffMs: seconds(1),
  cacheUndefined: false,
};

/** The windows of `options`, or those of `defaults`. */
export function checkWindows(
  options: Pick<LoadOptions, 'staleWhileRevalidateMs' | 'staleIfErrorMs'>,
  defaults: Pick<LoadSettings, 'staleWhileRevalidateMs' | 'staleIfErrorMs'>,
): { readonly staleWhileRevalidateMs: number; readonly staleIfErrorMs: number } {
  const number = (name: 'staleWhileRevalidateMs' | 'staleIfErrorMs'): number =>
    numberOption(name, options[name], defaults[name], atLeast0);
  return {
    staleWhileRevalidateMs: number('staleWhileRevalidateMs'),
    staleIfErrorMs: number('staleIfErrorMs'),
  };
}

function checkLoadOptions(
  options: LoadOptions,
  defaults: LoadSettings,
): Omit<LoadSettings, 'ttlMs'> {
  const number = (name: Exclude<keyof LoadOptions, 'cacheUndefined'>, range: NumberRange): number =>
    numberOption(name, options[name], defaults[name], range);
  return {
    ...checkWindows(options, defaults),
    softTimeoutMs: number('softTimeoutMs', atLeast0),
    hardTimeoutMs: number('hardTimeoutMs', { above: 0 }),
    refreshAfterRatio: number('refreshAfterRatio', { above: 0, max: 1 }),
    xfetchBeta: number('xfetchBeta', atLeast0),
    ttlJitterRatio: number('ttlJitterRatio', share),
    errorTtlMs: number('errorTtlMs', atLeast0),
    errorBackoffMs: number('errorBackoffMs', atLeast0),
    cacheUndefined: booleanOption(
      'cacheUndefined',
      options.cacheUndefined,
      defaults.cacheUndefined,
    ),
  };
}

export function loadSettings(options: LoadOptions, ttlMs: number): LoadSettings {
  return { ttlMs, ...checkLoadOptions(options, plain) };
}

/** @throws TypeError or RangeError when an option is wrong */
export function resolveLoadPolicy<V>(
  options: GetOrSetOptions<V> | undefined,
  defaults: LoadPolicy & LoadSettings,
): LoadPolicy<V> {
  if (options === undefined) return defaults;
  checkOptionNames(options, getOrSetOptionNames);
  const { ttlMs, tags } = options;
  checkTags(tags);
  return {
    ttlMs: typeof ttlMs === 'function' ? ttlMs : checkTtl(ttlMs, defaults.ttlMs),
    ...checkLoadOptions(options, defaults),
    tags,
  };
}

/** Whether a caller with this policy waits for the load to end, whatever happens. */
export function isPatient(policy: LoadPolicy): boolean {
  return (
    policy.staleWhileRevalidateMs === 0 &&
    policy.staleIfErrorMs === 0 &&
    policy.hardTimeoutMs === Infinity
  );
}
