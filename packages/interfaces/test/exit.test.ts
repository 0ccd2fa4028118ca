import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('a process that uses the system clock', () => {
  it('is not kept alive by background work, but by a wait in the foreground', () => {
    const fixture = fileURLToPath(new URL('fixtures/timers.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--conditions=@x/source', fixture], {
      encoding: 'utf8',
      timeout: 20_000,
    });

    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toBe('foreground ran');
    expect(child.status).toBe(0);
  });
});
