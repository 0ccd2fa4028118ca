import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('the example cache-only', () => {
  it('shares a load, finds it again after a restart, and loads anew after an invalidation', () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--conditions=@x/source', main], {
      encoding: 'utf8',
      timeout: 60_000,
    });

    expect(run.stderr).toBe('');
    expect(run.stdout.trim().split('\n')).toEqual([
      '100 callers at once: 1 look-up',
      'after a restart: Lisbon, still 2 look-ups',
      'after an invalidation: 3 look-ups',
      '1 hits, 1 misses, hit ratio 50 %',
    ]);
    expect(run.status).toBe(0);
  });
});
