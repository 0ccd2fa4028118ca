import { describe, expect, it } from 'vitest';
import { refuseMisnamed } from '@x/interfaces';

describe('refuseMisnamed', () => {
  const misnamed = { ttl: 'ttlMs, in milliseconds', max: 'maxEntries' };

  it('names what came and what it is here', () => {
    expect(() => refuseMisnamed({ ttlMs: 5, max: 10 }, misnamed)).toThrow(
      new TypeError('max is not an option; it is maxEntries'),
    );
    expect(() => refuseMisnamed({ ttl: 60 }, misnamed)).toThrow(
      new TypeError('ttl is not an option; it is ttlMs, in milliseconds'),
    );
  });

  it('lets other unknown names through, and what is undefined', () => {
    const shared = { ttlMs: 5, colour: 'red', ttl: undefined };
    expect(() => refuseMisnamed(shared, misnamed)).not.toThrow();
  });
});
