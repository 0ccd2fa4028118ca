import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('the example limits-only', () => {
  it('keeps within both limits and says so', () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--conditions=@x/source', main], {
      encoding: 'utf8',
      timeout: 60_000,
    });

    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/^30 requests in \d+\.\d s, never more than 3 at a time$/m);
    expect(run.stdout).toContain('refused at once: RateLimitTimeoutError');
    expect(run.status).toBe(0);
  });
});
