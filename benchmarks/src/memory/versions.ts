import { installedVersions } from '../harness/installed-versions.ts';

/** Of the packages that the memory cache is measured against. */
export const versions: Record<string, string> = installedVersions([
  'lru-cache',
  'tiny-lru',
  'quick-lru',
  'mnemonist',
  '@neophi/sieve-cache',
  'transitory',
]);
