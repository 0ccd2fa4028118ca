import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('the example nest-style', () => {
  it('injects one optimizer whose policies work on a method of a provider', () => {
    const main = join(__dirname, '../dist/main.js');
    const run = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 });

    expect(run.stderr).toBe('');
    // The first request fails and is tried again; the callers share what the second one answers.
    expect(run.stdout).toContain('10 callers, 2 requests\n');
    expect(run.stdout).toMatch(/function="RatesService.rate",outcome="success"}\s+10 /);
    expect(run.status).toBe(0);
  });
});
