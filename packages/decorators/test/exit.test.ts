import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('a process that uses every wrapper and closes nothing', () => {
  it('exits', () => {
    const fixture = fileURLToPath(new URL('fixtures/wrappers.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--conditions=@x/source', fixture], {
      encoding: 'utf8',
      timeout: 20_000,
    });

    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toBe('42');
    expect(child.status).toBe(0);
  });
});
