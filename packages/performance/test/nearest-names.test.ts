import { describe, expect, it } from 'vitest';
import { nearestNames } from '../src/nearest-names.ts';

describe('nearestNames', () => {
  const names = [
    'MAX_ENTRIES',
    'DEFAULT_TTL_MS',
    'ERROR_TTL_MS',
    'LEASE_TTL_MS',
    'OTHER_TTL_MS',
    'NAME',
  ];

  it.each([
    ['MAX_ENTRYS', ['MAX_ENTRIES']],
    ['MAXENTRIES', ['MAX_ENTRIES']],
    ['NAMES', ['NAME']],
    ['DEFAULT_TTL', ['DEFAULT_TTL_MS']],
    ['MAX_SIZE', ['MAX_ENTRIES']],
    ['TTL', ['DEFAULT_TTL_MS', 'ERROR_TTL_MS', 'LEASE_TTL_MS']],
    ['ERROR_TTL_SECONDS', ['ERROR_TTL_MS']],
    ['PAUSE_MS', []],
    ['', []],
  ])('of %s', (name, nearest) => {
    expect(nearestNames(name, names)).toEqual(nearest);
  });
});
