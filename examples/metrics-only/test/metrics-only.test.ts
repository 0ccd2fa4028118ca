import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('the example metrics-only', () => {
  it('prints counts and percentiles', () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--conditions=@x/source', main], {
      encoding: 'utf8',
      timeout: 60_000,
    });

    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/requests.*180/);
    expect(run.stdout).toMatch(/requests.*20/);
    expect(run.stdout).toMatch(/request.*failure/);
    expect(run.stdout).toMatch(/p99/i);
    expect(run.status).toBe(0);
  });
});
