import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('the example worker-threads', () => {
  it('loads each key once for all threads, and again once one of them invalidated it', () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--conditions=@x/source', main], {
      encoding: 'utf8',
      timeout: 60_000,
    });

    expect(run.stderr).toBe('');
    expect(run.stdout.split('\n').slice(0, 3)).toEqual([
      '12 keys wanted by 4 threads: 12 loads',
      'wanted once more: still 12 loads',
      'after the first thread invalidated key:user-1*: 16 loads',
    ]);
    // 3 times 12 keys in 4 threads, counted by all of them together.
    expect(run.stdout).toMatch(/cache_loads_total.*16/);
    expect(run.status).toBe(0);
  });
});
