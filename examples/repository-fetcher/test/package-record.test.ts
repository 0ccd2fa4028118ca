import { describe, expect, it } from 'vitest';
import { distil } from '../src/package-record.ts';

describe('distil', () => {
  it('keeps tags, versions and the latest manifest', () => {
    const record = distil({
      name: 'a',
      'dist-tags': { latest: '2.0.0', next: '3.0.0-rc' },
      versions: {
        '1.0.0': { version: '1.0.0' },
        '2.0.0': {
          version: '2.0.0',
          license: 'MIT',
          dependencies: { b: '^1.0.0' },
          dist: { unpackedSize: 5 },
        },
      },
    });

    expect(record).toMatchObject({
      name: 'a',
      distTags: { latest: '2.0.0', next: '3.0.0-rc' },
      versions: ['1.0.0', '2.0.0'],
      versionCount: 2,
      latest: { version: '2.0.0', license: 'MIT', dependencies: { b: '^1.0.0' }, unpackedSize: 5 },
    });
  });

  it('leaves out the oldest versions of a record that would be too large', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `0.0.${index}`);
    const versions = Object.fromEntries(names.map((version) => [version, { version }]));

    const record = distil({ name: 'a', 'dist-tags': { latest: '0.0.9999' }, versions });

    expect(JSON.stringify(record).length).toBeLessThanOrEqual(32 * 1_024);
    expect(record.versionCount).toBe(10_000);
    expect(record.versions.at(-1)).toBe('0.0.9999');
    expect(record.versions.length).toBeGreaterThan(1_000);
  });

  it('copes with a package that has no versions', () => {
    expect(distil({ name: 'a' })).toEqual({
      name: 'a',
      distTags: {},
      versions: [],
      versionCount: 0,
    });
  });
});
