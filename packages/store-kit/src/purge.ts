import {
  checkOptionNames,
  choiceOption,
  numberOption,
  objectOption,
  type OptionNames,
  type PurgeRequest,
  type PurgeStrategy,
} from '@x/interfaces';
import type { Bounds } from './bounds.ts';

/** A purge with its defaults filled in. */
export interface PurgeSettings {
  readonly by: PurgeStrategy;
  readonly limit: number;
  /** Removal ends when the store is within. */
  readonly bounds: Bounds;
}

const strategies: readonly PurgeStrategy[] = ['expired', 'oldest', 'least-used', 'largest'];

const requestNames: OptionNames<PurgeRequest> = {
  known: { by: true, limit: true, maxEntries: true, maxBytes: true },
  misnamed: { strategy: 'by', max: 'maxEntries', maxSize: 'maxEntries, or maxBytes' },
};

/** @throws TypeError or RangeError when it is wrong, or would remove everything by oversight */
export function purgeSettings(request: PurgeRequest): PurgeSettings {
  objectOption('request', request, '{ by, limit }');
  checkOptionNames(request, requestNames);
  const by = choiceOption('by', request.by, request.by, strategies);
  const { limit, maxEntries, maxBytes } = request;
  if (by === undefined) throw new TypeError('by must be given');
  if (by !== 'expired' && (limit ?? maxEntries ?? maxBytes) === undefined) {
    throw new TypeError(`a purge by "${by}" needs limit, maxEntries or maxBytes`);
  }
  const isLimitedAlone = maxEntries === undefined && maxBytes === undefined;
  const fallback = isLimitedAlone ? -1 : Infinity;
  return {
    by,
    limit: numberOption('limit', limit, Infinity, { min: 0, integer: true }),
    bounds: {
      maxEntries: numberOption('maxEntries', maxEntries, fallback, { min: 0 }),
      maxBytes: numberOption('maxBytes', maxBytes, fallback, { min: 0 }),
    },
  };
}
