import {
  checkOptionNames,
  choiceOption,
  type Clock,
  clockOption,
  functionOption,
  type Logger,
  loggerOption,
  numberOption,
  objectOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import { checkTtl, misnamedTimes } from '../call-options.ts';
import { refuseContainer } from '../refuse-container.ts';
import { type PolicyName, policyNames } from '../policy/create-policy.ts';
import type { RemovalListener } from './removals.ts';

/** How a `MemoryCache` is bounded, and what it keeps when it is full. */
export interface MemoryCacheOptions<K = string, V = unknown> {
  /** Most entries held, from 1; `Infinity` for no bound. @defaultValue 1000 */
  readonly maxEntries?: number | undefined;
  /**
   * Most bytes held, as `sizeOf` counts them. A value above it is not kept, and what its key held
   * before is dropped. Needs `sizeOf`.
   * @defaultValue `Infinity`
   */
  readonly maxBytes?: number | undefined;
  /**
   * How much one entry counts: a whole number of at least 0. Called once for each `set`. An entry that
   * counts 0 is never evicted to make room.
   */
  readonly sizeOf?: ((value: V, key: K) => number) | undefined;
  /** Milliseconds for which a value is served; `Infinity` for ever. @defaultValue `Infinity` */
  readonly ttlMs?: number | undefined;
  /** Milliseconds for which a value is served after it was set or read last. @defaultValue `Infinity` */
  readonly idleMs?: number | undefined;
  /** Which entry leaves a full cache. @defaultValue `'tiny-lfu'` */
  readonly policy?: PolicyName | undefined;
  /**
   * Told of each value that left and why, after the operation that removed it is complete. It may
   * use the cache. What it throws goes to the logger and changes nothing.
   */
  readonly onRemove?: RemovalListener<K, V> | undefined;
  /** Names the cache in messages. @defaultValue `'memory'` */
  readonly name?: string | undefined;
  /** Told what `onRemove` throws (error). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const optionNames: OptionNames<MemoryCacheOptions> = {
  known: {
    maxEntries: true,
    maxBytes: true,
    sizeOf: true,
    ttlMs: true,
    idleMs: true,
    policy: true,
    onRemove: true,
    name: true,
    logger: true,
    clock: true,
  },
  misnamed: {
    ...misnamedTimes,
    max: 'maxEntries',
    maxKeys: 'maxEntries',
    maxItems: 'maxEntries',
    lruSize: 'maxEntries',
    size: 'maxEntries',
    capacity: 'maxEntries',
    maxSize: 'maxBytes, with sizeOf',
    sizeCalculation: 'sizeOf',
    updateAgeOnGet: 'idleMs',
    checkperiod: 'not needed: what is over is removed in the background',
    onEvict: 'onRemove(key, value, reason)',
    onExpire: 'onRemove(key, value, reason)',
    dispose: 'onRemove(key, value, reason)',
    disposeAfter: 'onRemove(key, value, reason)',
  },
};

/** What `resize` may change. */
export const boundNames: OptionNames<{ maxEntries?: unknown; maxBytes?: unknown }> = {
  known: { maxEntries: true, maxBytes: true },
  misnamed: { max: 'maxEntries', maxSize: 'maxBytes' },
};

const sizeRange = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };

export function checkSize(size: number): number {
  return numberOption('the result of sizeOf', size, 0, sizeRange);
}

export function checkMaxEntries(maxEntries: number | undefined, fallback: number): number {
  return numberOption('maxEntries', maxEntries, fallback, { min: 1, integer: true });
}

export function checkMaxBytes(maxBytes: number | undefined, fallback: number): number {
  return numberOption('maxBytes', maxBytes, fallback, { min: 0 });
}

export interface MemoryCacheSettings<K, V> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly sizeOf: ((value: V, key: K) => number) | undefined;
  readonly ttlMs: number;
  readonly idleMs: number;
  readonly policy: PolicyName;
  readonly onRemove: RemovalListener<K, V> | undefined;
  readonly name: string;
  readonly logger: Logger | undefined;
  readonly clock: Clock;
}

export function memoryCacheSettings<K, V>(
  options: MemoryCacheOptions<K, V>,
): MemoryCacheSettings<K, V> {
  objectOption('options', options, '{ maxEntries }');
  refuseContainer(options, '{ maxEntries }');
  checkOptionNames(options, optionNames);
  const maxBytes = checkMaxBytes(options.maxBytes, Infinity);
  if (options.maxBytes !== undefined && options.sizeOf === undefined) {
    throw new TypeError('maxBytes needs sizeOf, which tells how much an entry counts');
  }
  return {
    maxEntries: checkMaxEntries(options.maxEntries, 1_000),
    maxBytes,
    sizeOf: functionOption('sizeOf', options.sizeOf),
    ttlMs: checkTtl(options.ttlMs, Infinity),
    idleMs: numberOption('idleMs', options.idleMs, Infinity, { above: 0 }),
    policy: choiceOption('policy', options.policy, 'tiny-lfu', policyNames),
    onRemove: functionOption('onRemove', options.onRemove),
    name: textOption('name', options.name, 'memory'),
    logger: loggerOption(options.logger),
    clock: clockOption(options.clock),
  };
}
